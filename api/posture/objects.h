/* Judging the objects in a vault or HSM one by one: what a rule says of each is
 * put together into a verdict, with names, once for all rules. */
#ifndef POSTURE_OBJECTS_H
#define POSTURE_OBJECTS_H

#include "evaluate.h"

enum object_answer {
    OBJECT_GOOD,
    OBJECT_BAD,
    OBJECT_UNSURE,  /* what decides was not read */
    OBJECT_LEFT_OUT /* the rule is not for such an object */
};

struct object_rule {
    enum kv_set sets[3]; /* of enabled objects */
    unsigned set_count;
    bool managed_out; /* what backs a certificate goes with the certificate */
    bool manual;      /* bad ones are for a person to judge */
    /* `value` gets what decides, in words; it may be NULL. */
    enum object_answer (*check)(const struct kv_subject *subject,
        const struct kv_object *object, struct buf *value);
    const char *one;  /* "key or secret" */
    const char *many; /* "keys and secrets" */
    const char *bad;  /* "without an expiry date", behind the number */
    const char *good; /* "with an expiry date" */
};

enum kv_verdict objects_judge(const struct kv_subject *subject,
    const struct object_rule *rule, struct buf *evidence);

/* The facet that a set of objects comes from. */
enum kv_facet objects_facet(enum kv_set set);
/* "keys/NAME" */
void object_put_name(struct buf *out, const struct kv_object *object);

#endif
