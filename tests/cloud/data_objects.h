#ifndef CLOUD_DATA_OBJECTS_H
#define CLOUD_DATA_OBJECTS_H

#include "data_gate.h"
#include "objects.h"

/* Which right each thing needs that one does to objects of a collection. */
struct object_rights {
    enum right list;
    enum right read;
    enum right update;
    enum right backup;
    enum right restore;
    enum right recover;
    enum right delete;
    enum right purge;
    const char *missing; /* the error's code */
    const char *word;    /* "Key" */
};
const struct object_rights *object_rights(enum collection collection);

/* One object on its way through a handler. */
struct target {
    const struct item *vault;
    enum collection collection;
    json_t *list;
    json_t *object;
    json_t *version;
};

/* Opens the gate and finds the object that the path names, with the version
 * named by the second part unless that is a word; otherwise answers. */
bool target_find(struct call *call, enum right right, struct target *target);
void target_answer(struct call *call, const struct target *target);

#endif
