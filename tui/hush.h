/* While curses has the terminal, nothing else may write on it: what goes to
 * stderr is kept and said afterwards. */
#ifndef HUSH_H
#define HUSH_H

/* Does nothing where stderr is no terminal: somebody else reads it. */
void hush_begin(void);
void hush_end(void);

#endif
