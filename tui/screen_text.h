/* A screen that shows one document: details in full, or plain text to select
 * and copy by hand. */
#ifndef SCREEN_TEXT_H
#define SCREEN_TEXT_H

#include "app.h"
#include "sheet.h"

/* Takes the sheet over and leaves it empty. */
/* Whether the screen is a document of that title. */
bool screen_is_text(const struct screen *screen, const char *title);
void screen_open_text(struct app *app, const char *title, struct sheet *sheet);

#endif
