/* Row: what commands print of an object of the API's answers.
 *
 * Thread: the only one. Owns: nothing; texts are the object's. */
#ifndef PCED_SERVER_PCECTL_ROW_H
#define PCED_SERVER_PCECTL_ROW_H

#include <jansson.h>

#define ROW_TIME_SIZE 32

/* "-" where there is none. */
const char *row_text(const json_t *row, const char *key);
/* … or an empty one. */
const char *row_words(const json_t *row, const char *key);
/* Seconds since 1970 as "2026-11-30T23:10:00Z"; "-": no such time. Returns text. */
const char *row_time(double at_s, char text[ROW_TIME_SIZE]);

#endif
