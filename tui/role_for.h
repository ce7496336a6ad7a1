/* Which of Microsoft's built-in roles holds a permission that is missing. */
#ifndef ROLE_FOR_H
#define ROLE_FOR_H

/* "Reader"; never NULL. */
const char *role_for(const char *permission);

#endif
