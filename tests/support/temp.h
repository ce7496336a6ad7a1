/* Folders of a test's own, gone when the test ends. */
#ifndef SUPPORT_TEMP_H
#define SUPPORT_TEMP_H

/* Makes an empty folder, mode 0700. The caller ends it with temp_done(). */
char *temp_new(void);
/* Removes the folder with all that is in it; NULL is allowed. */
void temp_done(char *folder);

/* "FOLDER/NAME", owned by the caller (mem_free). */
char *temp_path(const char *folder, const char *name);

#endif
