/* The notice line and what it said before. Information fades; an error stays
 * until its reader has opened the messages. */
#ifndef NOTICES_H
#define NOTICES_H

#include "canvas.h"
#include "kvgov/session.h"

#define NOTICE_BYTES 640

struct notice {
    enum kv_notice level;
    int64_t time_s;
    uint32_t count; /* how often in a row */
    char text[NOTICE_BYTES];
};

/* Zero-initialise. The console's own notices, oldest first, and the newest
 * error and the newest other thing that anybody said. */
struct notices {
    struct notice *own;
    size_t own_count;
    size_t own_capacity;
    struct notice error;  /* empty text: none unseen */
    struct notice recent; /* empty text: faded */
    int64_t fades_at_ms;
    uint32_t unseen;
    uint32_t session_seen;   /* messages of the session, repeats counted */
    uint32_t session_errors; /* of these, repeats once */
};

struct notice_time {
    int64_t now_s;
    int64_t steady_ms;
};

void notices_add(struct notices *notices, enum kv_notice level,
    const char *text, struct notice_time time);
/* Takes up what the session said since the last call. */
void notices_take(struct notices *notices, const struct kv_session *session,
    struct notice_time time);
/* The reader has them on the screen. */
void notices_seen(struct notices *notices);
/* True when something faded just now. */
bool notices_fade(struct notices *notices, int64_t steady_ms);
/* Milliseconds until something fades; -1 when nothing will. */
int notices_due_ms(const struct notices *notices, int64_t steady_ms);
/* Rows that what is to be said would take at this width; at least one. */
int notices_rows(const struct notices *notices, int columns, bool ascii);
/* Wrapped into the rows of the canvas; what has no room ends in '~'. */
void notices_draw(const struct notices *notices, struct canvas *canvas);
void notices_done(struct notices *notices);

/* 'i', '+', '!' */
char notice_mark(enum kv_notice level);
enum role notice_role(enum kv_notice level);

#endif
