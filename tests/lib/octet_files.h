/* Files of octets: golden messages as annotated hex, reference data that may be absent.
 *
 * Thread: the test's. Owns: what each call says; a failure ends the test. */
#ifndef PCED_TESTS_LIB_OCTET_FILES_H
#define PCED_TESTS_LIB_OCTET_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Octets on the heap, in a block of exactly their size: a read past them is seen by ASan. */
struct octets {
    uint8_t *at;
    size_t size;
};

/* A path below the source folder, in a static buffer. */
const char *source_path(const char *relative);
/* The folder of reference data, or NULL when it is absent (a "SKIP:" line is printed then). */
const char *shared_path(const char *relative);

struct octets read_file(const char *path);
/* Hex digits of a file, without comments. */
struct octets read_hex_file(const char *path);
/* The same of a text. */
struct octets parse_hex_text(const char *text);
void octets_free(struct octets *octets);

/* Calls visit for every file of a folder whose name ends so, in the order of names; gives the
 * count. */
unsigned for_each_file(const char *folder, const char *suffix, void (*visit)(const char *path));

#endif
