/* An OpenSSH server of the test's own, on a free port of loopback: with its
 * own configuration, host key and the one key that lets this user in. */
#ifndef INTEROP_SSH_SERVER_H
#define INTEROP_SSH_SERVER_H

struct ssh_server;

/* Starts $SSHD; fails the test when it does not come up. */
struct ssh_server *ssh_server_start(void);
/* Ends it by its pid; NULL is allowed. */
void ssh_server_stop(struct ssh_server *server);

/* The words of `ssh -tt` that run a command there, as this user types them;
 * NULL-terminated, for the caller to mem_free() and valid as long as the server
 * and the command. */
const char **ssh_server_words(
    const struct ssh_server *server, const char *command);

#endif
