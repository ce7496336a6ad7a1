/* A list under a stranger's fingers: two bytes a key, pasted or typed, now and
 * then other items. The cursor stays on a row and marks are what they say. */
#include "fuzz.h"

#include <locale.h>

#include "heap.h"
#include "list.h"

#define ROWS 9
#define COLUMNS 40

struct world {
    uint32_t count;
    uint32_t gone; /* every item that this divides; 0: none */
};

static bool world_exists(const void *context, uint32_t item)
{
    const struct world *world = context;

    return world->gone == 0 || item % world->gone != 0;
}

static void world_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    (void)context;
    buf_putf(&out->text, column ? "%u" : "item-%u", item);
}

static struct list_order world_order(
    const void *context, uint32_t item, size_t column)
{
    (void)context;
    return (struct list_order){ .number = column ? item % 7 : item };
}

static enum filter_answer world_third(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)context;
    return item % 3 == 2 ? FILTER_UNKNOWN
                         : filter_answer(item % 3 == term->value.size % 3);
}

static const struct filter_field fields[] = {
    { .name = "third", .what = "of three", .match = world_third },
    { 0 },
};

static const struct list_column columns[] = {
    { .title = "NAME", .width_cells = 0 },
    { .title = "RANK", .width_cells = 6, .right = true },
    { .title = "MORE", .width_cells = 6, .appears_at = 30 },
};

static const struct list_ops ops = {
    .columns = columns,
    .column_count = LENGTH(columns),
    .exists = world_exists,
    .cell = world_cell,
    .order = world_order,
    .fields = fields,
};

static uint32_t code_of(unsigned byte)
{
    return byte < 128 ? byte
                      : CODE_ENTER + byte % (CODE_OTHER - CODE_ENTER + 1);
}

/* One code in sixteen changes the world: items come and go, but a number that
 * was given stays. */
static void act(struct list *list, struct world *world, struct view *rest)
{
    unsigned what = fuzz_take_byte(rest);
    unsigned byte = fuzz_take_byte(rest);

    if (what % 16 == 0) {
        world->count = byte > world->count ? byte : world->count;
        world->gone = what >> 6;
        list_refresh(list, world->count);
    } else {
        (void)list_key(list,
            (struct key){ .code = code_of(byte), .pasted = what % 16 == 1 });
    }
}

static void check_marks(const struct list *list)
{
    uint32_t *chosen = NULL;
    size_t count = list_copy_chosen(list, &chosen);
    uint32_t current = list_current(list);

    if (list->mark_count > 0)
        fuzz_check(count == list->mark_count);
    else
        fuzz_check(count == (current != KV_NONE));
    for (size_t i = 1; i < count; i++)
        fuzz_check(chosen[i] > chosen[i - 1]);
    fuzz_check(list_hidden_marks(list) <= list->mark_count);
    heap_free(chosen);
}

static void check_list(const struct list *list, const struct world *world)
{
    uint32_t current = list_current(list);

    fuzz_check(list->shown_count <= world->count);
    fuzz_check((current == KV_NONE) == (list->shown_count == 0));
    fuzz_check(current == KV_NONE ||
               (current < world->count && world_exists(world, current)));
    fuzz_check(list->shown_count == 0 ||
               (list->cursor < list->shown_count && list->top <= list->cursor));
    check_marks(list);
}

static void draw(const struct list *list)
{
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 1u << 20 };

    grid_resize(&grid, ROWS, COLUMNS);
    canvas = canvas_of(&grid);
    list_draw(list, &canvas);
    grid_dump(&grid, &text);
    fuzz_check_visible(buf_view(&text), true);
    buf_clear(&text);
    list_put_counts(list, "things", &text);
    fuzz_check_visible(buf_view(&text), false);
    buf_done(&text);
    grid_done(&grid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size < 256 ? size : 256);
    struct world world = { .count = 40 };
    struct list list;

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    list_init(&list, &ops, &world);
    list_layout(&list, ROWS);
    list_refresh(&list, world.count);
    while (rest.size > 0) {
        act(&list, &world, &rest);
        check_list(&list, &world);
    }
    draw(&list);
    list_done(&list);
    return 0;
}
