/* Answers that Azure really gave or that Microsoft shows, as seeds: read where
 * they lie, never copied into the corpus. */
#include "fuzz.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_LIMIT 4096

struct walk {
    fuzz_take_fn *take;
    void *context;
};

static void take_body(const struct walk *walk, const json_t *body)
{
    char *text;

    if (json_is_string(body)) {
        walk->take(walk->context, view_of(json_string_value(body)));
        return;
    }
    text = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (text)
        walk->take(walk->context, view_of(text));
    free(text);
}

/* An example holds its answers by status. */
static void take_example(const struct walk *walk, json_t *responses)
{
    const char *status;
    json_t *response;

    json_object_foreach(responses, status, response)
        take_body(walk, json_object_get(response, "body"));
}

/* A recording holds them in order, parsed or as text. */
static void take_recording(const struct walk *walk, const json_t *interactions)
{
    size_t index;
    const json_t *item;

    json_array_foreach(interactions, index, item)
    {
        const json_t *body =
            json_object_get(json_object_get(item, "response"), "body");
        const json_t *data = json_object_get(body, "data");

        take_body(walk, data ? data : json_object_get(body, "string"));
    }
}

static void take_file(const struct walk *walk, const char *path)
{
    json_t *file = json_load_file(path, 0, NULL);

    take_example(walk, json_object_get(file, "responses"));
    take_recording(walk, json_object_get(file, "interactions"));
    json_decref(file);
}

static bool ends_in_json(const char *name)
{
    size_t size = strlen(name);

    return size > 5 && strcmp(name + size - 5, ".json") == 0;
}

static void visit(const struct walk *walk, const char *path)
{
    struct dirent **names = NULL;
    int count = scandir(path, &names, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        struct buf below = { .limit = PATH_LIMIT };

        buf_putf(&below, "%s/%s", path, names[i]->d_name);
        if (ends_in_json(names[i]->d_name))
            take_file(walk, buf_text(&below));
        else if (names[i]->d_type == DT_DIR && names[i]->d_name[0] != '.')
            visit(walk, buf_text(&below));
        buf_done(&below);
        free(names[i]);
    }
    free(names);
}

void fuzz_each_body(fuzz_take_fn *take, void *context)
{
    static const char *const folders[] = { "examples", "recorded" };
    const struct walk walk = { take, context };
    const char *shared = getenv("KVGOV_SHARED");

    for (size_t i = 0; shared && i < LENGTH(folders); i++) {
        struct buf path = { .limit = PATH_LIMIT };

        buf_putf(&path, "%s/azure/%s", shared, folders[i]);
        visit(&walk, buf_text(&path));
        buf_done(&path);
    }
}
