/* One entry as a test: every seed, then mutations of seeds, the same ones on
 * every machine and every day. Runs in a child, so that whatever becomes of it,
 * the bytes that did it can be kept. */
#include "mutate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp.h"
#include "test.h"

#define SEED_LIMIT (1u << 18) /* bytes; no parser needs more to go wrong */
#define MUTATED_LIMIT (1u << 14)
#define MUTATIONS 2000
#define PATIENCE_S 120 /* with sanitizers, on a busy machine */

struct seed {
    uint8_t *data;
    size_t size;
};

struct seeds {
    struct seed *items;
    size_t count;
    size_t capacity;
};

/* What the child is at, seen by its parent. */
struct progress {
    size_t size;
    uint8_t data[SEED_LIMIT];
};

static void take_seed(void *context, struct view text)
{
    struct seeds *seeds = context;
    struct seed *seed;

    if (text.size > SEED_LIMIT)
        return;
    seeds->items = mem_grow(
        seeds->items, seeds->count, &seeds->capacity, sizeof *seeds->items);
    seed = &seeds->items[seeds->count++];
    *seed = (struct seed){ mem_alloc(text.size + 1), text.size };
    if (text.size > 0)
        memcpy(seed->data, text.data, text.size);
}

static void seeds_done(struct seeds *seeds)
{
    for (size_t i = 0; i < seeds->count; i++)
        mem_free(seeds->items[i].data);
    mem_free(seeds->items);
}

/* ---- the corpus ---- */

/* "arm_id" of build/asan/tests/fuzz/fuzz_arm_id. */
static const char *entry_name(void)
{
    return program_invocation_short_name + strlen("fuzz_");
}

static void load_file(struct seeds *seeds, const char *folder, const char *name)
{
    char *path = temp_path(folder, name);
    size_t size = 0;
    char *text = test_read_file(path, &size);

    take_seed(seeds, (struct view){ text, size });
    mem_free(text);
    mem_free(path);
}

/* In one order everywhere. */
static void load_corpus(struct seeds *seeds)
{
    char *top = temp_path(test_source(), "tests/fuzz/corpus");
    char *folder = temp_path(top, entry_name());
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.')
            load_file(seeds, folder, names[i]->d_name);
        free(names[i]);
    }
    if (seeds->count == 0)
        fail_with("%s holds no seed", folder);
    free(names);
    mem_free(folder);
    mem_free(top);
}

/* ---- the child ---- */

/* In a block of just that size, so that a sanitizer sees its ends. */
static void try_bytes(
    struct progress *progress, const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);

    if (size > 0) {
        memcpy(progress->data, data, size);
        memcpy(exact, data, size);
    }
    progress->size = size;
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void try_seeds(struct progress *progress, const struct seeds *seeds)
{
    for (size_t i = 0; i < seeds->count; i++)
        try_bytes(progress, seeds->items[i].data, seeds->items[i].size);
}

static void try_mutations(struct progress *progress, const struct seeds *seeds)
{
    uint8_t *data = mem_alloc(MUTATED_LIMIT);
    struct dice dice = dice_of(entry_name());

    for (size_t i = 0; i < MUTATIONS; i++) {
        const struct seed *seed =
            &seeds->items[dice_roll(&dice, (uint32_t)seeds->count)];
        size_t size = seed->size < MUTATED_LIMIT ? seed->size : MUTATED_LIMIT;

        memcpy(data, seed->data, size);
        size = mutate(data, size, MUTATED_LIMIT, &dice);
        try_bytes(progress, data, size);
    }
    mem_free(data);
}

typedef void try_fn(struct progress *progress, const struct seeds *seeds);

/* An entry may print; what it prints is nobody's business. */
static _Noreturn void child_run(
    try_fn *try, struct progress *progress, const struct seeds *seeds)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (nowhere >= 0)
        (void)dup2(nowhere, STDOUT_FILENO);
    (void)alarm(PATIENCE_S);
    try(progress, seeds);
    exit(0); /* where a sanitizer looks for leaks */
}

/* ---- the parent ---- */

struct kept {
    char path[256];
};

static struct kept keep(const struct progress *progress)
{
    const char *folder = getenv("TMPDIR");
    struct kept kept;
    FILE *file;

    (void)snprintf(kept.path, sizeof kept.path, "%s/kvgov-fuzz-%s",
        folder ? folder : "/tmp", entry_name());
    file = fopen(kept.path, "wbe");
    if (!file)
        return kept;
    (void)fwrite(progress->data, 1, progress->size, file);
    (void)fclose(file);
    return kept;
}

/* How the child ended; where it ended badly, its bytes are kept. */
static int run(try_fn *try, const struct seeds *seeds, struct kept *kept)
{
    struct progress *progress = mmap(NULL, sizeof *progress,
        PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    pid_t pid;

    assert_ptr_not_equal(progress, MAP_FAILED);
    pid = fork();
    if (pid == 0)
        child_run(try, progress, seeds);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        *kept = keep(progress);
    (void)munmap(progress, sizeof *progress);
    return status;
}

static void expect_end(try_fn *try, const struct seeds *seeds)
{
    struct kept kept;
    int status = run(try, seeds, &kept);

    if (status != 0)
        fail_with(
            "status 0x%x at the bytes in %s", (unsigned)status, kept.path);
}

static void test_corpus(void **state)
{
    expect_end(try_seeds, *state);
}

static void test_mutations(void **state)
{
    expect_end(try_mutations, *state);
}

static int open_seeds(void **state)
{
    struct seeds *seeds = mem_alloc(sizeof *seeds);

    load_corpus(seeds);
    fuzz_seeds(take_seed, seeds);
    *state = seeds;
    return 0;
}

static int close_seeds(void **state)
{
    seeds_done(*state);
    mem_free(*state);
    return 0;
}

/* ---- for make fuzz: the seeds as files ---- */

struct writing {
    const char *folder;
    unsigned count;
};

static void write_seed(void *context, struct view seed)
{
    struct writing *writing = context;
    struct buf path = { .limit = 4096 };
    FILE *file;

    buf_putf(&path, "%s/seed-%04u", writing->folder, writing->count++);
    file = fopen(buf_text(&path), "wbe");
    if (file && seed.size > 0)
        (void)fwrite(seed.data, 1, seed.size, file);
    if (file)
        (void)fclose(file);
    buf_done(&path);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_mutations),
    };

    if (argc == 3 && strcmp(argv[1], "--seeds") == 0) {
        fuzz_seeds(write_seed, &(struct writing){ .folder = argv[2] });
        return 0;
    }
    return cmocka_run_group_tests(tests, open_seeds, close_seeds);
}
