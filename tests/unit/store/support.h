/* What the tests of the store share: a folder of its own, and an asker that waits for answers. */
#ifndef PCED_TESTS_UNIT_STORE_SUPPORT_H
#define PCED_TESTS_UNIT_STORE_SUPPORT_H

#include "io/store/store.h"

#define FOLDER_SIZE 64

extern char folder[FOLDER_SIZE];
extern struct store_options options; /* of this folder, 8 MiB, no quotas */
extern struct store *store;
extern struct failure failure;

/* The answer that came last. */
extern struct store_result last_result;
extern uint64_t last_tag;

/* The fixture: makes the folder, removes it. */
void store_setup(void);
void store_teardown(void);

struct wire_span span_of(const char *text);
/* Opened, but not started. */
void open_store(void);
void start_store(void);
void close_store(void);
enum pce_status try_open(void);

struct store_batch *batch_of(const char *key, const char *value); /* value NULL: a deletion */
enum pce_status submit(struct store_batch *batch, uint64_t tag);
/* Waits for one more answer. */
enum pce_status await_answer(void);
/* Both for one record. */
enum pce_status put(const char *key, const char *value);
enum pce_status erase(const char *key);
/* With a value of so many octets. */
enum pce_status put_sized(const char *key, size_t size);

/* "key=value key=value" of all records that begin so. */
const char *listing(const char *prefix);
/* The path of a file of the folder. */
const char *file_path(const char *name);
/* Its octets, from malloc. */
uint8_t *read_file(const char *name, size_t *size);
void write_file(const char *name, const uint8_t *octets, size_t size);

#endif
