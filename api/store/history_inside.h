/* The history from the inside: for the files that keep it and that read it. */
#ifndef HISTORY_INSIDE_H
#define HISTORY_INSIDE_H

#include "db.h"
#include "history.h"

#define NO_ROW UINT32_MAX

enum statement {
    STATEMENT_PUT_ROW,
    STATEMENT_GET_ROW,
    STATEMENT_PUT_LINE,
    STATEMENT_GET_LINE,
    STATEMENT_LATEST_LINE,
    STATEMENT_PUT_SCAN,
    STATEMENT_SCAN_BACK,
    STATEMENT_SCAN_AT,
    STATEMENT_SCAN,
    STATEMENT_GET_SUBJECT,
    STATEMENT_PUT_SUBJECT,
    STATEMENT_SET_SUBJECT,
    STATEMENT_PUT_FIRST,
    STATEMENT_PUT_CHANGE,
    STATEMENT_PUT_SUM,
    STATEMENT_FIRSTS,
    STATEMENT_CHANGES,
    STATEMENT_DIFF_CHANGES,
    STATEMENT_DIFF_FIRSTS,
    STATEMENT_SUMS,
};
#define STATEMENT_COUNT 20

struct history {
    struct db db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    const char *const *names; /* of the caller's rows */
    uint32_t *numbers;        /* of the file, by row of the caller */
    uint32_t *rows;           /* of the caller, by number; NO_ROW: unknown */
    size_t row_count;
    size_t number_count;              /* rows that the file has */
    int64_t line;                     /* 0: none is chosen, or it has no scan */
    int64_t scan;                     /* being kept; 0: none */
    uint32_t *sums;                   /* of it: number x HISTORY_VERDICTS */
    uint8_t *blob;                    /* of number_count bytes, to work with */
    struct history_finding *findings; /* of the subject asked for last */
};

sqlite3_stmt *bind_numbers(struct history *history, enum statement which,
    const int64_t *numbers, int count);
#define BIND(history, which, ...)                                              \
    bind_numbers((history), (which), (const int64_t[]){ __VA_ARGS__ },         \
        (int)(sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)))

/* The subject's number, with what was last found of it in `blob`; -1: it is in
 * no scan. */
int64_t find_subject(struct history *history, const char *subject);
void take_blob(struct history *history, sqlite3_stmt *row, int column);

#endif
