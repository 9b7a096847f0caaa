#include "tests/sim/messages.h"

#include "core/base/check.h"
#include "core/base/map.h"
#include "core/pcep/codec.h"
#include "core/pcep/frame.h"
#include "core/wire/hex.h"
#include "tests/sim/memory.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS_MAX   1024
#define PATH_SIZE   4096
#define OBJECTS_MAX 64

struct seed {
    uint16_t key; /* hash of its name */
    size_t size;
    uint8_t *octets;
};

static struct seed seeds[SEEDS_MAX];
static unsigned seed_count;
static bool is_loaded;

static const char *const own[MESSAGES_OWN] = {
    [MESSAGE_OPEN_STATEFUL] = "20010028 01100024 201e7800 00100004 00000005 00220010 00000002 "
                              "00010000 001a0004 0000000a",
    [MESSAGE_KEEPALIVE] = "20020004",
    [MESSAGE_OPEN] = "2001000c 01100008 201e7800",
    [MESSAGE_PCREQ] = "2003001c 0212000c 00000000 00000007 0412000c c0000201 c0000203",
    [MESSAGE_PCREQ_SR] = "2003004c 02120014 00000000 00000008 001c0004 00000001 0412000c c0000201 "
                         "c0000204 05120008 4cee6b28 09120014 00000001 00000000 00000000 07070000 "
                         "0612000c 00000301 41200000",
    [MESSAGE_PCREQ_V6] =
        "20030034 0212000c 00000000 00000009 04220024 20010db8000000000000000000000001 "
        "20010db8000000000000000000000003",
    [MESSAGE_PCREQ_MANY] =
        "2003004c 0212000c 00000000 0000000a 0412000c c0000201 c0000202 0212000c 00000000 0000000b "
        "0412000c c0000202 c0000205 0212000c 00000000 0000000c 0412000c c0000205 c0000201",
    [MESSAGE_PCRPT] = "200a0038 2110000c 00000000 00000001 2010001c 00001019 00110004 6c737031 "
                      "00120010 c0000201 00010001 c0000201 c0000203 07100004",
    [MESSAGE_PCRPT_END_OF_SYNC] = "200a0010 20100008 00000000 07100004",
    [MESSAGE_PCNTF_CANCEL] = "20050018 0210000c 00000000 00000008 0c100008 00000101",
    [MESSAGE_PCERR] = "2006000c 0d100008 00000a01",
    [MESSAGE_CLOSE] = "2007000c 0f100008 00000001",
    [MESSAGE_STARTTLS] = "200d0004",
    [MESSAGE_UNKNOWN] = "20c80004",
    [MESSAGE_OPEN_ZERO] = "2001000c 01100008 20000000",
};

/* ---- loading ---- */

/* Octets of hex digits; a '#' begins a comment. */
static size_t parse_hex(const char *text, size_t size, uint8_t *octets)
{
    size_t count = 0;
    bool is_comment = false;
    for (size_t i = 0; i + 1 < size; i++) {
        is_comment = text[i] == '#' || (is_comment && text[i] != '\n');
        if (is_comment || count == MESSAGE_MAX || !hex_parse(text + i, 2, &octets[count]))
            continue;
        count++;
        i++;
    }
    return count;
}

/* One seed for each whole message that the octets begin with. */
static void add_seeds(const char *name, const uint8_t *octets, size_t size)
{
    for (size_t at = 0; size - at >= PCEP_HEADER_SIZE && seed_count < SEEDS_MAX;) {
        size_t length = (size_t)octets[at + 2] << 8 | octets[at + 3];
        if (length < PCEP_HEADER_SIZE || length > size - at)
            return;
        struct seed *seed = &seeds[seed_count++];
        seed->key = (uint16_t)map_hash_with(name, strlen(name), at);
        seed->size = length;
        seed->octets = sim_allocate(length);
        memcpy(seed->octets, octets + at, length);
        at += length;
    }
}

static void load_file(const char *folder, const char *name)
{
    static uint8_t text[1 << 20];
    static uint8_t octets[MESSAGE_MAX];
    char path[PATH_SIZE];
    size_t length = strlen(name);
    bool is_hex = length > 4 && strcmp(name + length - 4, ".hex") == 0;
    bool is_binary = length > 4 && strcmp(name + length - 4, ".bin") == 0;
    if (!is_hex && !is_binary)
        return;
    int written = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = written > 0 && (size_t)written < sizeof path ? fopen(path, "rbe") : NULL;
    if (file == NULL)
        return;
    size_t size = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    if (is_hex)
        add_seeds(name, octets, parse_hex((const char *)text, size, octets));
    else
        add_seeds(name, text, size);
}

static void load_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        load_file(folder, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free((void *)entries);
}

static int compare(const void *left, const void *right)
{
    const struct seed *a = left;
    const struct seed *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

static void load_all(void)
{
    static const char *const folders[] = {"published", "frr-live", "frr-stateful", "pcc-mock",
                                          "bgp-ls"};
    static uint8_t octets[MESSAGE_MAX];
    const char *shared = getenv("PCED_SHARED");
    is_loaded = true;
    for (unsigned i = 0; i < MESSAGES_OWN; i++)
        add_seeds("", octets, parse_hex(own[i], strlen(own[i]) + 1, octets));
    CHECK(seed_count == MESSAGES_OWN);
    load_folder(PCED_SOURCE_DIR "/tests/golden");
    for (unsigned i = 0; shared != NULL && i < sizeof folders / sizeof folders[0]; i++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/vectors/%s", shared, folders[i]);
        load_folder(path);
    }
    CHECK(seed_count > MESSAGES_OWN);
    qsort(seeds + MESSAGES_OWN, seed_count - MESSAGES_OWN, sizeof seeds[0], compare);
}

unsigned message_seed_count(void)
{
    if (!is_loaded)
        load_all();
    return seed_count;
}

struct wire_span message_seed(uint16_t key)
{
    unsigned count = message_seed_count();
    unsigned low = MESSAGES_OWN;
    unsigned high = count;
    if (key < MESSAGES_OWN)
        return (struct wire_span){seeds[key].octets, seeds[key].size};
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (seeds[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    const struct seed *seed = &seeds[low < count ? low : MESSAGES_OWN];
    return (struct wire_span){seed->octets, seed->size};
}

/* ---- changing ---- */

struct draft {
    uint8_t *octets;
    size_t size;
    uint64_t random;
    bool is_framed; /* the length is put right at the end */
    unsigned count;
    size_t objects[OBJECTS_MAX]; /* offsets */
    size_t sizes[OBJECTS_MAX];
};

static uint32_t draw(struct draft *draft, uint32_t below)
{
    draft->random = draft->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(draft->random >> 33) % below;
}

static void find_objects(struct draft *draft)
{
    draft->count = 0;
    for (size_t at = PCEP_HEADER_SIZE; draft->size - at >= 4 && draft->count < OBJECTS_MAX;) {
        size_t size = (size_t)draft->octets[at + 2] << 8 | draft->octets[at + 3];
        if (size < 4 || size > draft->size - at)
            return;
        draft->objects[draft->count] = at;
        draft->sizes[draft->count++] = size;
        at += size;
    }
}

static void put_u16(uint8_t *octets, size_t value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

static void cut(struct draft *draft, size_t at, size_t size)
{
    memmove(draft->octets + at, draft->octets + at + size, draft->size - at - size);
    draft->size -= size;
}

static void insert(struct draft *draft, size_t at, const uint8_t *octets, size_t size)
{
    static uint8_t copy[MESSAGE_MAX];
    if (draft->size + size > MESSAGE_MAX - 3)
        return;
    memcpy(copy, octets, size);
    memmove(draft->octets + at + size, draft->octets + at, draft->size - at);
    memcpy(draft->octets + at, copy, size);
    draft->size += size;
}

static void change_octets(struct draft *draft)
{
    static const uint8_t edges[] = {0, 1, 2, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff};
    for (uint32_t i = 0, end = 1 + draw(draft, 3); i < end && draft->size > 4; i++) {
        size_t at = 4 + draw(draft, (uint32_t)draft->size - 4);
        uint32_t how = draw(draft, 3);
        if (how == 0)
            draft->octets[at] ^= (uint8_t)(1U << draw(draft, 8));
        else if (how == 1)
            draft->octets[at] = edges[draw(draft, sizeof edges)];
        else
            draft->octets[at] = (uint8_t)draw(draft, 256);
    }
}

/* The object's size changes by whole words, or becomes a lie. */
static void change_size(struct draft *draft, unsigned object)
{
    static const uint16_t lies[] = {0, 1, 3, 4, 5, 8, 0xfffc, 0xffff};
    size_t at = draft->objects[object];
    size_t size = draft->sizes[object];
    uint32_t how = draw(draft, 3);
    if (how == 0 && size >= 8) {
        size_t less = 4 * (1 + draw(draft, (uint32_t)(size / 4) - 1));
        cut(draft, at + size - less, less);
        put_u16(draft->octets + at + 2, size - less);
    } else if (how == 1) {
        uint8_t tlv[12] = {(uint8_t)draw(draft, 2), (uint8_t)draw(draft, 80), 0, 8};
        for (unsigned i = 4; i < sizeof tlv; i++)
            tlv[i] = (uint8_t)draw(draft, 256);
        insert(draft, at + size, tlv, sizeof tlv);
        put_u16(draft->octets + at + 2, size + sizeof tlv);
    } else {
        put_u16(draft->octets + at + 2, lies[draw(draft, sizeof lies / sizeof lies[0])]);
    }
}

static void splice(struct draft *draft, unsigned object)
{
    struct wire_span other = message_seed((uint16_t)draw(draft, 65536));
    static uint8_t copy[MESSAGE_MAX];
    struct draft from = {.octets = copy, .size = other.size};
    memcpy(copy, other.octets, other.size);
    find_objects(&from);
    if (from.count == 0)
        return;
    unsigned which = draw(draft, from.count);
    insert(draft, draft->objects[object], copy + from.objects[which], from.sizes[which]);
}

static void change_once(struct draft *draft)
{
    find_objects(draft);
    uint32_t kind = draw(draft, 16);
    if (kind == 0) {
        draft->octets[1] = (uint8_t)draw(draft, 22);
        return;
    }
    if (draft->count == 0 || kind >= 10) {
        change_octets(draft);
        return;
    }
    unsigned object = draw(draft, draft->count);
    size_t at = draft->objects[object];
    if (kind <= 3)
        cut(draft, at, draft->sizes[object]);
    else if (kind == 4)
        insert(draft, at, draft->octets + at, draft->sizes[object]);
    else if (kind <= 6)
        splice(draft, object);
    else if (kind == 7)
        change_size(draft, object);
    else if (kind == 8)
        draft->octets[at] = (uint8_t)(1 + draw(draft, 46));
    else
        draft->octets[at + 1] = (uint8_t)draw(draft, 256);
}

size_t message_write(uint16_t key, uint16_t change, uint8_t *octets)
{
    struct wire_span seed = message_seed(key);
    struct draft draft = {.octets = octets, .size = seed.size, .is_framed = true};
    memcpy(octets, seed.octets, seed.size);
    if (change == 0)
        return seed.size;
    draft.random = (uint64_t)change << 16 | key;
    (void)draw(&draft, 2);
    for (uint32_t i = 0, end = 1 + draw(&draft, 3); i < end; i++)
        change_once(&draft);
    while (draft.size % 4 != 0)
        draft.octets[draft.size++] = 0;
    if (draw(&draft, 64) != 0)
        put_u16(octets + 2, draft.size);
    return draft.size;
}
