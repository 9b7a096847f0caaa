#include "tests/lib/octet_files.h"

#include "core/wire/hex.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

const char *source_path(const char *relative)
{
    static char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", PCED_SOURCE_DIR, relative);
    return path;
}

const char *shared_path(const char *relative)
{
    static char path[PATH_SIZE];
    struct stat info;
    const char *shared = getenv("PCED_SHARED");
    if (shared != NULL)
        (void)snprintf(path, sizeof path, "%s/%s", shared, relative);
    else
        (void)snprintf(path, sizeof path, "%s/../shared/%s", PCED_SOURCE_DIR, relative);
    if (stat(path, &info) == 0)
        return path;
    printf("SKIP: no reference data at %s\n", path);
    return NULL;
}

struct octets read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s cannot be opened", path);
    cr_assert(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    cr_assert(size >= 0 && fseek(file, 0, SEEK_SET) == 0);
    struct octets octets = {malloc((size_t)size + (size == 0)), (size_t)size};
    cr_assert(octets.at != NULL);
    cr_assert(fread(octets.at, 1, octets.size, file) == octets.size);
    (void)fclose(file);
    return octets;
}

static struct octets parse_hex(const char *text, size_t size)
{
    uint8_t *room = malloc(size / 2 + 1);
    size_t count = 0;
    bool is_comment = false;
    cr_assert(room != NULL);
    for (size_t i = 0; i < size; i++) {
        is_comment = text[i] == '#' || (is_comment && text[i] != '\n');
        if (is_comment || text[i] == ' ' || text[i] == '\n')
            continue;
        cr_assert(i + 1 < size && hex_parse(text + i, 2, &room[count]), "no hex at %zu", i);
        count++;
        i++;
    }
    struct octets octets = {malloc(count + (count == 0)), count};
    cr_assert(octets.at != NULL);
    memcpy(octets.at, room, count);
    free(room);
    return octets;
}

struct octets read_hex_file(const char *path)
{
    struct octets text = read_file(path);
    struct octets octets = parse_hex((const char *)text.at, text.size);
    octets_free(&text);
    return octets;
}

struct octets parse_hex_text(const char *text)
{
    return parse_hex(text, strlen(text));
}

void octets_free(struct octets *octets)
{
    free(octets->at);
    octets->at = NULL;
}

unsigned for_each_file(const char *folder, const char *suffix, void (*visit)(const char *path))
{
    struct dirent **entries;
    char path[2 * PATH_SIZE];
    unsigned found = 0;
    int count = scandir(folder, &entries, NULL, alphasort);
    cr_assert(count >= 0, "%s cannot be listed", folder);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name);
        size_t end = strlen(suffix);
        if (length > end && strcmp(entries[i]->d_name + length - end, suffix) == 0) {
            (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            visit(path);
            found++;
        }
        free(entries[i]);
    }
    free(entries);
    return found;
}
