/* What the files of the fix wizard share. The wizard is one screen with one
 * plan; each step is a file that ends in its own table of screen functions,
 * and going to a step puts that table in place. */
#ifndef SCREEN_WIZARD_H
#define SCREEN_WIZARD_H

#include "app.h"
#include "input.h"
#include "list.h"
#include "sheet.h"

enum wizard_step {
    WIZARD_MENU, /* which remedy; only where none was given */
    WIZARD_TARGETS,
    WIZARD_OPTIONS,
    WIZARD_PREVIEW,
    WIZARD_CONFIRM,
    WIZARD_APPLY,
};
#define WIZARD_STEP_COUNT 6

/* The step bar and a rule. */
#define WIZARD_TOP_ROWS 2
/* Heads, one row, and the row that says where one is. */
#define WIZARD_LIST_ROWS_MIN 3
/* Where texts behind labels begin. */
#define WIZARD_INDENT 10

enum confirm_focus {
    CONFIRM_REASON,
    CONFIRM_ANSWER,
};

struct wizard {
    struct screen screen; /* its ops are those of the step */
    uint32_t *resources;  /* pinned when the wizard was opened */
    size_t count;
    uint32_t row; /* of the catalogue, that is to be put right; KV_NONE: any */
    bool has_menu;
    struct kv_plan *plan; /* the session's; NULL while in the menu */
    enum wizard_step step;
    int rows; /* of the body */
    int columns;

    struct list menu;    /* items are places in `offered` */
    const struct kv_remedy **offered;
    uint32_t offered_count;
    struct fit *fits;    /* of the menu's rows; the menu's own */
    struct list targets; /* items are targets of the plan */
    struct sheet intro;  /* above the list of targets */

    uint32_t option; /* the one that is being set */
    uint32_t choice; /* of it, under the cursor */
    struct input value;

    uint32_t target;    /* the one in the preview */
    struct sheet sheet; /* its left half, or all of it */
    struct sheet right; /* its right half on a wide screen */
    struct sheet_view view;
    bool wants_confirm; /* asked for while the targets were being read */
    int64_t reading_ms; /* when their reading began, last */

    enum confirm_focus focus;
    struct input reason;
    struct input typed;
    int targets_top;   /* scrolled targets of the confirmation */
    int64_t opened_ms; /* the confirmation, or the run */
};

struct wizard_page {
    struct screen_ops ops;
    void (*enter)(struct wizard *wizard); /* NULL: nothing to prepare */
};
extern const struct wizard_page wizard_menu;
extern const struct wizard_page wizard_targets;
extern const struct wizard_page wizard_options;
extern const struct wizard_page wizard_preview;
extern const struct wizard_page wizard_confirm;
extern const struct wizard_page wizard_apply;

/* ---- the way through ---- */

void wizard_go(struct wizard *wizard, enum wizard_step step);
/* The next or the previous step that has something to show. */
void wizard_forward(struct wizard *wizard);
void wizard_backward(struct wizard *wizard);
/* Makes the plan; false after saying why not. */
bool wizard_make_plan(struct wizard *wizard, const struct kv_remedy *remedy,
    const uint32_t *resources, size_t count);
/* The same from and to a screen's key bindings. */
void wizard_next_key(struct screen *screen);
void wizard_previous_key(struct screen *screen);

/* ---- what every step does alike ---- */

void wizard_close(struct screen *screen);
void wizard_head(const struct screen *screen, struct screen_head *out);
/* Of what is to be changed. */
enum kv_environment wizard_environment(const struct screen *screen);
/* Esc cancels at every step and says that nothing was changed. */
bool wizard_leave(struct screen *screen);
/* Draws the step bar; what is below it is the step's. */
struct canvas wizard_draw_bar(
    const struct wizard *wizard, struct canvas *canvas);

/* ---- targets, shown by three steps ---- */

/* Makes the list again from the plan. */
void wizard_refresh_targets(struct wizard *wizard);
bool wizard_still_reading(const struct wizard *wizard);
/* "2 ready, 1 blocked" */
void wizard_put_counts(struct buf *out, const struct kv_plan *plan);
const char *wizard_state_words(enum kv_plan_state state);
enum role wizard_role_of_target(enum kv_target_state state);
/* What matters of a target in one line: why it is blocked, or who loses. */
const char *wizard_target_words(const struct kv_target *target);
/* Everything about a target, for the preview and in full. */
void wizard_put_diff(struct sheet *out, const struct kv_target *target);
void wizard_put_facts(struct sheet *out, const struct kv_target *target);
void wizard_put_request(struct sheet *out, const struct kv_target *target);
void wizard_open_target(struct wizard *wizard, uint32_t target);
/* The one under the list's cursor, with its words in full. */
void wizard_draw_target(const struct wizard *wizard, struct canvas *canvas);

/* ---- the question of the confirmation ---- */

/* Keys of this time belong to the screen before. */
#define WIZARD_DISCARD_MS 400

/* Since the question was opened. */
int64_t wizard_open_ms(const struct wizard *wizard);
/* Until an answer counts; 0: it does. */
int64_t wizard_left_ms(
    const struct wizard *wizard, const struct kv_confirmation *ask);
bool wizard_asks_reason(const struct kv_confirmation *ask);
bool wizard_text_matches(
    const struct wizard *wizard, const struct kv_confirmation *ask);
/* Ready targets in that environment. */
uint32_t wizard_count_in(
    const struct wizard *wizard, enum kv_environment environment);
void wizard_draw_question(const struct wizard *wizard, struct canvas *canvas);

#endif
