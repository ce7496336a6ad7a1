/* One configuration file: which settings it has, from which line, and what is
 * wrong with it. */
#ifndef INI_FILE_H
#define INI_FILE_H

#include "kvgov/config.h"

struct problems {
    struct kv_config_problem *items;
    size_t count;
    size_t capacity;
};
void problem_add(struct problems *problems, bool wrong, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void problems_done(struct problems *problems);

struct ini_file {
    char *path; /* NULL: none is to be read */
    struct kv_policy policy;
    unsigned *lines; /* by setting; 0: not set there */
};

/* Takes a copy of the path. The policy begins as the default. */
void ini_file_init(struct ini_file *file, const char *path);
void ini_file_done(struct ini_file *file);
void ini_file_read(struct ini_file *file, struct problems *problems);

#endif
