/* Collects members by provider and by the name of the object around them. */
#include "shapes_places.h"

#include <dirent.h>
#include <jansson.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "test.h"

struct places {
    json_t *seen; /* "provider parent.member", all in lower case but these */
};

static char *place_key(
    const char *provider, const char *parent, const char *member)
{
    struct buf key = { .limit = 1024 };

    buf_putf(&key, "%s %s.%s", provider, parent, member);
    char *text = mem_copy_text(buf_text(&key));
    buf_done(&key);
    for (char *at = text; *at && *at != ' '; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return text;
}

static void add_value(struct places *places, const char *provider,
    const char *parent, const json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;

    json_array_foreach(value, index, member)
    {
        add_value(places, provider, parent, member);
    }
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        bool list = !*parent && strcmp(name, "value") == 0;
        char *key = place_key(provider, parent, name);

        json_object_set_new(places->seen, key, json_true());
        mem_free(key);
        add_value(places, provider, list ? "" : name, member);
    }
}

/* Behind the last "/providers/" of an address; mem_free(). */
static char *address_provider(const char *address)
{
    const char *at = address;
    const char *found = NULL;

    while ((at = strcasestr(at, "/providers/")) != NULL)
        found = at += strlen("/providers/");
    if (found)
        return mem_copy_view((struct view){ found, strcspn(found, "/?") });
    return mem_copy_text(strstr(address, ".vault.azure.net/")
                             ? "KeyVault.DataPlane"
                             : "Microsoft.Resources");
}

static void add_example(
    struct places *places, const char *folder, const json_t *file)
{
    const char *status;
    json_t *answer;

    json_object_foreach(json_object_get(file, "responses"), status, answer)
    {
        add_value(places, folder, "", json_object_get(answer, "body"));
    }
}

static void add_recording(
    struct places *places, const char *folder, const json_t *file)
{
    size_t index;
    json_t *one;

    (void)folder;
    json_array_foreach(json_object_get(file, "interactions"), index, one)
    {
        const char *address = json_string_value(
            json_object_get(json_object_get(one, "request"), "uri"));
        const json_t *body =
            json_object_get(json_object_get(one, "response"), "body");
        char *provider = address_provider(address ? address : "");

        add_value(places, provider, "", json_object_get(body, "data"));
        mem_free(provider);
    }
}

typedef void place_adder(
    struct places *places, const char *folder, const json_t *file);

static void add_folder(struct places *places, const char *path,
    const char *folder, place_adder *add)
{
    DIR *entries = opendir(path);
    struct dirent *entry;

    if (!entries)
        fail_with("%s cannot be read", path);
    while ((entry = readdir(entries)) != NULL) {
        char *name = temp_path(path, entry->d_name);
        json_t *file = strstr(entry->d_name, ".json")
                           ? json_load_file(name, 0, NULL)
                           : NULL;

        add(places, folder, file);
        json_decref(file);
        mem_free(name);
    }
    (void)closedir(entries);
}

static void add_examples(struct places *places, const char *root)
{
    DIR *folders = opendir(root);
    struct dirent *folder;

    if (!folders)
        fail_with("%s cannot be read", root);
    while ((folder = readdir(folders)) != NULL) {
        char *path = temp_path(root, folder->d_name);

        if (folder->d_type == DT_DIR && folder->d_name[0] != '.')
            add_folder(places, path, folder->d_name, add_example);
        mem_free(path);
    }
    (void)closedir(folders);
}

struct places *places_open(void)
{
    struct places *places = mem_alloc(sizeof *places);
    char *examples = temp_path(test_shared(), "azure/examples");
    char *recorded = temp_path(test_shared(), "azure/recorded");

    places->seen = json_object();
    add_examples(places, examples);
    add_folder(places, recorded, "", add_recording);
    mem_free(examples);
    mem_free(recorded);
    return places;
}

void places_close(struct places *places)
{
    json_decref(places->seen);
    mem_free(places);
}

bool places_have(
    const struct places *places, const char *provider, const char *path)
{
    struct view rest = view_of(path);
    struct view parent = { 0 };
    struct view member = view_cut(&rest, '.');
    bool list = false;

    while (rest.size > 0) {
        bool first = !list && parent.size == 0;

        parent = member;
        list = first && view_equal(parent, view_of("value"));
        if (list)
            parent = (struct view){ 0 };
        member = view_cut(&rest, '.');
    }
    char *around = mem_copy_view(parent);
    char *name = mem_copy_view(member);
    char *key = place_key(provider, around, name);
    bool found = json_object_get(places->seen, key) != NULL;
    mem_free(key);
    mem_free(name);
    mem_free(around);
    return found;
}
