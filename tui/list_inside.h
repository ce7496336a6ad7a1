/* What the files of the list share among themselves. */
#ifndef LIST_INSIDE_H
#define LIST_INSIDE_H

#include "list.h"

/* Negative is up. From here on the order is frozen. */
void list_move_by(struct list *list, long rows);
void list_mark(struct list *list, uint32_t item, bool marked);
/* Rows of `shown`, both ends included, in either order. */
void list_mark_range(struct list *list, size_t from, size_t to, bool marked);
void list_swap_marks(struct list *list);
/* The menu that is open: which columns it has, and the key of each. */
bool list_is_choice(const struct list *list, size_t column);
uint32_t list_menu_key(const struct list *list, size_t column);
/* Where list_draw() keeps the rows of the last frame. */
struct list_kept *list_kept_new(void);
void list_kept_free(struct list_kept *kept);
/* Sorts all behind what is shown, so that the keys of a filter need not. */
void list_order(struct list *list);
/* Filters anew; the cursor stays on its item. */
void list_narrow(struct list *list);
/* Filters and sorts anew; likewise. */
void list_resort(struct list *list);

#endif
