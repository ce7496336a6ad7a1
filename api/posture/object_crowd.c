/* Whether a vault is used as a database: very many secrets, or many whose names
 * differ only in a number, as names of customers do. */
#include "objects.h"

#include "base.h"

#include <string.h>

/* So many of one shape are no accident. */
#define ALIKE_MIN 20u
#define SHAPES_MAX 512u /* more different ones are no crowd of one shape */
#define SHAPE_BYTES 128

struct shape {
    char text[SHAPE_BYTES];
    uint32_t count;
};

struct shapes {
    struct shape items[SHAPES_MAX];
    size_t count;
    uint32_t secrets;
};

static bool is_digit(char at)
{
    return at >= '0' && at <= '9';
}

/* "customer-1001-token" is "customer-#-token". */
static void shape_of(char out[SHAPE_BYTES], const char *name)
{
    size_t size = 0;

    while (*name && size + 1 < SHAPE_BYTES) {
        if (!is_digit(*name)) {
            out[size++] = *name++;
            continue;
        }
        out[size++] = '#';
        while (is_digit(*name))
            name++;
    }
    out[size] = '\0';
}

static void shape_add(struct shapes *shapes, const char *name)
{
    char text[SHAPE_BYTES];
    size_t at = 0;

    shape_of(text, name);
    while (at < shapes->count && strcmp(shapes->items[at].text, text) != 0)
        at++;
    if (at == SHAPES_MAX)
        return;
    if (at == shapes->count) {
        memcpy(shapes->items[at].text, text, sizeof text);
        shapes->count++;
    }
    shapes->items[at].count++;
}

static const struct shape *widest(const struct shapes *shapes)
{
    const struct shape *found = &shapes->items[0];

    for (size_t i = 1; i < shapes->count; i++)
        if (shapes->items[i].count > found->count)
            found = &shapes->items[i];
    return found;
}

static void gather(struct shapes *shapes, const struct kv_subject *subject)
{
    struct kv_walk walk = { 0 };
    const struct kv_object *object;

    while ((object = kv_estate_next_at(
                subject->estate, KV_SET_SECRETS, subject->resource->id, &walk)))
        if (!object->managed) {
            shapes->secrets++;
            shape_add(shapes, object->name);
        }
}

enum kv_verdict object_no_customers(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct shapes *shapes = mem_alloc(sizeof *shapes);
    uint32_t most = subject->policy->max_secrets;
    const struct shape *alike;
    bool many;
    bool crowd;

    gather(shapes, subject);
    alike = widest(shapes);
    many = shapes->secrets > most;
    crowd = alike->count >= ALIKE_MIN && strchr(alike->text, '#') != NULL;
    evidence_put_number(evidence, shapes->secrets, "secret", "secrets");
    if (many) {
        buf_puts(evidence, ", more than ");
        buf_put_count(evidence, most);
    }
    if (crowd) {
        evidence_new_line(evidence);
        buf_put_count(evidence, alike->count);
        buf_puts(evidence, " are called ");
        evidence_put_text(evidence, alike->text);
    }
    mem_free(shapes);
    return many || crowd ? KV_VERDICT_MANUAL : KV_VERDICT_PASS;
}
