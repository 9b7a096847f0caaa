#include "tests/unit/pcep/support.h"

#include "core/pcep/print.h"
#include "core/wire/hex.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
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

void decoded_init(struct decoded *decoded, const struct octets *octets)
{
    arena_init(&decoded->arena, 64U << 20);
    decoded->status = pcep_decode((struct wire_span){octets->at, octets->size}, &decoded->arena,
                                  &decoded->message, &decoded->fault);
}

void decoded_fini(struct decoded *decoded)
{
    arena_fini(&decoded->arena);
}

bool encodes_to(const struct pcep_message *message, const struct octets *octets)
{
    uint8_t *room = malloc(octets->size + 1);
    cr_assert(room != NULL);
    struct wire_writer writer = wire_writer_init(room, octets->size);
    bool is_same = pcep_encode(message, &writer) == PCE_OK &&
                   wire_written(&writer) == octets->size &&
                   memcmp(room, octets->at, octets->size) == 0;
    free(room);
    return is_same;
}

char *print_text(const struct pcep_message *message, const struct pcep_fault *fault)
{
    for (size_t room = 1U << 16; room <= 1U << 26; room *= 2) {
        char *text = malloc(room + 1);
        cr_assert(text != NULL);
        struct wire_writer writer = wire_writer_init(text, room);
        pcep_print(&writer, message, fault, (struct pcep_print_options){.has_offsets = false});
        text[wire_written(&writer)] = '\0';
        if (!writer.failed)
            return text;
        free(text);
    }
    cr_assert(false, "the printed text has no end");
    return NULL;
}

struct pcep_json_error json_refusal(const char *text)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_json_error error;
    json_t *json = json_loads(text, 0, NULL);
    arena_init(&arena, 1U << 20);
    cr_assert(json != NULL, "%s", text);
    cr_expect(pcep_from_json(json, &arena, &message, &error) == PCE_INVALID, "%s", text);
    arena_fini(&arena);
    json_decref(json);
    return error;
}
