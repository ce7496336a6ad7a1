/* Reading the reviewed verdicts; see the header for their form. */
#include "expected.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "test.h"

#define WORD_BYTES 128

/* "rest" stands for all subjects that no other line of the row names. */
struct said {
    char row[WORD_BYTES];
    char subject[WORD_BYTES];
    enum kv_verdict verdict;
};

struct expected {
    struct said *items;
    size_t count;
    size_t capacity;
};

/* Where the reader is, for what it cannot read. */
struct reader {
    struct expected *expected;
    const char *file;
    unsigned line;
    char row[WORD_BYTES];
    enum kv_verdict verdict;
    bool reasoned; /* the line that began last has its reason */
};

static void fail_at(const struct reader *reader, const char *problem)
{
    fail_with("%s:%u: %s", reader->file, reader->line, problem);
}

static void copy_word(
    const struct reader *reader, char to[WORD_BYTES], struct view word)
{
    if (word.size >= WORD_BYTES)
        fail_at(reader, "a word is too long");
    memcpy(to, word.data, word.size);
    to[word.size] = '\0';
}

static enum kv_verdict verdict_of(const struct reader *reader, struct view word)
{
    static const struct {
        const char *word;
        enum kv_verdict verdict;
    } words[] = {
        { "pass", KV_VERDICT_PASS },
        { "fail", KV_VERDICT_FAIL },
        { "unknown", KV_VERDICT_UNKNOWN },
        { "manual", KV_VERDICT_MANUAL },
        { "n/a", KV_VERDICT_NOT_APPLICABLE },
        { "excepted", KV_VERDICT_EXCEPTED },
    };

    for (size_t i = 0; i < LENGTH(words); i++)
        if (view_equal_nocase(word, view_of(words[i].word)))
            return words[i].verdict;
    fail_at(reader, "no verdict: pass, fail, unknown, manual, n/a, excepted or rest");
    return KV_VERDICT_NONE;
}

static void say(const struct reader *reader, struct view subject)
{
    struct expected *expected = reader->expected;
    struct said *said;

    expected->items = mem_grow(expected->items, expected->count,
        &expected->capacity, sizeof *expected->items);
    said = &expected->items[expected->count++];
    *said = (struct said){ .verdict = reader->verdict };
    copy_word(reader, said->row, view_of(reader->row));
    copy_word(reader, said->subject, subject);
}

static struct view next_word(struct view *rest)
{
    *rest = view_trim(*rest);
    return view_cut(rest, ' ');
}

/* Names up to the one that ends with a colon; what follows is for people. */
static void read_names(struct reader *reader, struct view rest)
{
    while (!reader->reasoned && rest.size > 0) {
        struct view name = next_word(&rest);

        reader->reasoned = name.data[name.size - 1] == ':';
        if (reader->reasoned)
            name.size--;
        say(reader, name);
    }
}

static void end_line(const struct reader *reader)
{
    if (reader->verdict == KV_VERDICT_FAIL && !reader->reasoned)
        fail_at(reader, "the fail before this line has no reason");
}

static void read_verdict(struct reader *reader, struct view line)
{
    struct view word = next_word(&line);

    end_line(reader);
    reader->reasoned = false;
    if (view_equal_nocase(word, view_of("rest"))) {
        reader->verdict = verdict_of(reader, next_word(&line));
        if (reader->verdict == KV_VERDICT_FAIL)
            fail_at(reader, "a fail is never left to the rest");
        say(reader, word);
        reader->reasoned = true;
        return;
    }
    reader->verdict = verdict_of(reader, word);
    read_names(reader, line);
}

/* A row starts in the first column, a verdict in the third, its names and its
 * reason go on further in. */
static void read_line(struct reader *reader, struct view line)
{
    reader->line++;
    if (view_trim(line).size == 0 || line.data[0] == '#')
        return;
    if (line.data[0] != ' ') {
        end_line(reader);
        copy_word(reader, reader->row, view_trim(line));
        reader->verdict = KV_VERDICT_NONE;
    } else if (line.size > 2 && line.data[2] != ' ') {
        read_verdict(reader, line);
    } else {
        read_names(reader, line);
    }
}

static void read_file(struct expected *expected, const char *path)
{
    struct reader reader = { .expected = expected, .file = path };
    char *text = test_read_file(path, NULL);
    struct view rest = view_of(text);

    while (rest.size > 0)
        read_line(&reader, view_cut(&rest, '\n'));
    end_line(&reader);
    mem_free(text);
}

struct expected *expected_read(void)
{
    struct expected *expected = mem_alloc(sizeof *expected);
    struct buf folder = { .limit = 4096 };
    const struct dirent *entry;
    DIR *files;

    buf_putf(&folder, "%s/tests/api/verdicts", test_source());
    files = opendir(buf_text(&folder));
    if (!files)
        fail_with("%s cannot be opened", buf_text(&folder));
    while ((entry = readdir(files))) {
        struct buf path = { .limit = 8192 };

        buf_putf(&path, "%s/%s", buf_text(&folder), entry->d_name);
        if (entry->d_name[0] != '.')
            read_file(expected, buf_text(&path));
        buf_done(&path);
    }
    closedir(files);
    buf_done(&folder);
    return expected;
}

void expected_free(struct expected *expected)
{
    mem_free(expected->items);
    mem_free(expected);
}

bool expected_has(const struct expected *expected, const char *row)
{
    for (size_t i = 0; i < expected->count; i++)
        if (strcmp(expected->items[i].row, row) == 0)
            return true;
    return false;
}

enum kv_verdict expected_verdict(
    const struct expected *expected, const char *row, const char *subject)
{
    enum kv_verdict rest = KV_VERDICT_NONE;

    for (size_t i = 0; i < expected->count; i++) {
        const struct said *said = &expected->items[i];

        if (strcmp(said->row, row) != 0)
            continue;
        if (strcmp(said->subject, subject) == 0)
            return said->verdict;
        if (strcmp(said->subject, "rest") == 0)
            rest = said->verdict;
    }
    return rest;
}

const char *expected_name(const struct expected *expected, size_t index)
{
    return index < expected->count ? expected->items[index].subject : NULL;
}
