#include "tests/lib/grammar_messages.h"

#include "core/base/check.h"
#include "core/pcep/frame.h"
#include "core/pcep/grammar_table.h"
#include "tests/lib/session_owner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX    64
#define CLASSES      64
#define IDS_MAX      6
#define MAKINGS      15 /* five choices of an object, three of the P flags */
#define MAKINGS_EACH 3  /* of each message of at most two optional objects */
#define MESSAGE_MAX  65535

enum { P_OF_ALL, P_OF_REQUIRED, P_OF_NONE, P_KINDS };

/* ---- the golden objects ---- */

/* Hex digits without what follows a '#' in a line. */
static size_t read_golden(const char *path, uint8_t *octets, size_t room)
{
    char line[512];
    size_t size = 0;
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "#")] = '\0';
        size += session_owner_parse_hex(line, octets + size, room - size);
    }
    (void)fclose(file);
    return size;
}

static void take_object(struct grammar_messages *messages, const struct pcep_object *object)
{
    if (object->row == NULL || object->fault != NULL)
        return;
    uint32_t *count = &messages->object_counts[object->row->id];
    if (*count == GRAMMAR_INSTANCES_MAX)
        return;
    uint8_t *octets = arena_alloc(&messages->arena, object->size);
    CHECK(octets != NULL);
    memcpy(octets, object->octets - PCEP_OBJECT_HEADER_SIZE, object->size);
    messages->objects[object->row->id][(*count)++] = (struct wire_span){octets, object->size};
}

static void take_message(struct grammar_messages *messages, const char *path)
{
    uint8_t *octets = malloc(MESSAGE_MAX);
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault;
    CHECK(octets != NULL);
    arena_init(&arena, (size_t)1 << 24);
    struct wire_span span = {octets, read_golden(path, octets, MESSAGE_MAX)};
    if (pcep_decode(span, &arena, &message, &fault) == PCE_OK) {
        for (uint32_t i = 0; i < message.object_count; i++)
            take_object(messages, &message.objects[i]);
    }
    arena_fini(&arena);
    free(octets);
}

static int is_golden(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end != NULL && strcmp(end, ".hex") == 0;
}

void grammar_messages_init(struct grammar_messages *messages, const char *golden_folder)
{
    struct dirent **entries;
    char path[4096];
    *messages = (struct grammar_messages){.object_counts = {0}};
    arena_init(&messages->arena, (size_t)1 << 20);
    int count = scandir(golden_folder, &entries, is_golden, alphasort);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", golden_folder, entries[i]->d_name);
        take_message(messages, path);
        free(entries[i]);
    }
    free(entries);
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++)
        CHECK(messages->object_counts[id] > 0);
}

void grammar_messages_fini(struct grammar_messages *messages)
{
    arena_fini(&messages->arena);
}

/* ---- slots ---- */

struct slot {
    enum pcep_object_id ids[IDS_MAX]; /* the types of the class */
    uint32_t id_count;
    bool is_required;
    bool is_of_section;
};

struct maker {
    const struct grammar_messages *messages;
    unsigned type;
    grammar_visit *visit;
    void *context;
    struct slot slots[SLOTS_MAX];
    uint32_t slot_count;
    uint32_t required[SLOTS_MAX]; /* indexes of slots */
    uint32_t required_count;
    uint32_t optional[SLOTS_MAX];
    uint32_t optional_count;
    uint32_t made;
    uint8_t octets[MESSAGE_MAX];
};

static void add_slot(struct maker *maker, unsigned class_, bool is_required, bool is_of_section)
{
    struct slot slot = {.is_required = is_required, .is_of_section = is_of_section};
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++) {
        if (pcep_object_get((enum pcep_object_id)id)->class_ != class_)
            continue;
        CHECK(slot.id_count < IDS_MAX);
        slot.ids[slot.id_count++] = (enum pcep_object_id)id;
    }
    CHECK(slot.id_count > 0 && maker->slot_count < SLOTS_MAX - 1);
    if (is_required)
        maker->required[maker->required_count++] = maker->slot_count;
    else
        maker->optional[maker->optional_count++] = maker->slot_count;
    maker->slots[maker->slot_count++] = slot;
}

/* Of the classes that a required row takes, the first one is the required object. */
static void add_slots(struct maker *maker, const struct grammar *grammar)
{
    uint32_t section = grammar_section(grammar);
    for (uint32_t i = 0; i < grammar->count; i++) {
        const struct grammar_row *row = &grammar->rows[i];
        bool is_required = row->missing != NULL && row->is_needed == NULL;
        for (unsigned class_ = 0; class_ < CLASSES && row->kind == GRAMMAR_OBJECT; class_++) {
            if ((row->classes >> class_ & 1) == 0)
                continue;
            add_slot(maker, class_, is_required, i > section);
            is_required = false;
        }
    }
}

/* ---- one message ---- */

static size_t put_object(struct maker *maker, size_t size, const struct slot *slot, uint32_t making)
{
    uint32_t choice = making / P_KINDS;
    enum pcep_object_id id = slot->ids[choice % slot->id_count];
    const struct wire_span *object =
        &maker->messages->objects[id][choice % maker->messages->object_counts[id]];
    bool has_p =
        making % P_KINDS == P_OF_ALL || (making % P_KINDS == P_OF_REQUIRED && slot->is_required);
    CHECK(size + object->size <= MESSAGE_MAX);
    uint8_t *at = maker->octets + size;
    memcpy(at, object->octets, object->size);
    at[1] = (uint8_t)(has_p ? at[1] | PCEP_OBJECT_FLAG_P : at[1] & ~PCEP_OBJECT_FLAG_P);
    return size + object->size;
}

/* The objects of a set of slots; the section's ones as often as that. */
static void make(struct maker *maker, uint64_t set, uint32_t making, unsigned times)
{
    size_t size = PCEP_HEADER_SIZE;
    for (unsigned round = 0; round < times; round++) {
        for (uint32_t i = 0; i < maker->slot_count; i++) {
            const struct slot *slot = &maker->slots[i];
            if ((set >> i & 1) != 0 && (round == 0 || slot->is_of_section))
                size = put_object(maker, size, slot, making % MAKINGS);
        }
    }
    maker->octets[0] = PCEP_VERSION << 5;
    maker->octets[1] = (uint8_t)maker->type;
    maker->octets[2] = (uint8_t)(size >> 8);
    maker->octets[3] = (uint8_t)size;
    uint8_t *copy = malloc(size);
    CHECK(copy != NULL);
    memcpy(copy, maker->octets, size);
    maker->visit(maker->context, (struct wire_span){copy, size});
    maker->made++;
    free(copy);
}

/* ---- all of them ---- */

static uint64_t set_of(const uint32_t *slots, uint32_t count, uint64_t which)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < count; i++)
        set |= (which >> i & 1) << slots[i];
    return set;
}

static void make_whole(struct maker *maker)
{
    for (uint64_t set = 0; set >> maker->slot_count == 0; set++) {
        for (uint32_t making = 0; making < MAKINGS; making++)
            make(maker, set, making, 1 + (making & 1));
    }
}

/* One set of optional slots, of `size`, with each set of required ones. */
static void make_with_required(struct maker *maker, uint64_t optional, unsigned size)
{
    uint64_t all = set_of(maker->optional, maker->optional_count, UINT64_MAX);
    for (uint64_t which = 0; which >> maker->required_count == 0; which++) {
        uint64_t required = set_of(maker->required, maker->required_count, which);
        uint32_t making = maker->made;
        make(maker, required | optional, making, 1);
        if (size > 2)
            continue;
        for (uint32_t i = 1; i < MAKINGS_EACH; i++)
            make(maker, required | optional, making + i * P_KINDS + i, 1);
        make(maker, required | optional, making + 1, 2);
        make(maker, required | (all & ~optional), making + 2, 1);
    }
}

static void make_threes(struct maker *maker)
{
    uint32_t count = maker->optional_count;
    make_with_required(maker, 0, 0);
    for (uint32_t a = 0; a < count; a++) {
        uint64_t one = UINT64_C(1) << maker->optional[a];
        make_with_required(maker, one, 1);
        for (uint32_t b = 0; b < a; b++) {
            uint64_t two = one | UINT64_C(1) << maker->optional[b];
            make_with_required(maker, two, 2);
            for (uint32_t c = 0; c < b; c++)
                make_with_required(maker, two | UINT64_C(1) << maker->optional[c], 3);
        }
    }
}

struct grammar_made grammar_messages_each(const struct grammar_messages *messages, unsigned type,
                                          grammar_visit *visit, void *context)
{
    struct grammar grammar = grammar_of(type);
    struct maker *maker = calloc(1, sizeof *maker);
    CHECK(maker != NULL);
    maker->messages = messages;
    maker->type = type;
    maker->visit = visit;
    maker->context = context;
    add_slots(maker, &grammar);
    bool is_whole = maker->slot_count <= GRAMMAR_SLOTS_WHOLE;
    if (is_whole)
        make_whole(maker);
    else
        make_threes(maker);
    struct grammar_made made = {maker->slot_count, maker->made, is_whole};
    free(maker);
    return made;
}
