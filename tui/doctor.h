/* kvgov doctor: what is wrong between this machine and the vaults. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "options.h"

/* Changes nothing, in Azure or here. Returns EXIT_CODE_OK, EXIT_CODE_PROBLEM,
 * or EXIT_CODE_REACH where the problem is the sign-in or a host. */
int command_doctor(const struct options *options);

#endif
