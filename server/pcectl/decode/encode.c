#include "server/pcectl/decode/encode.h"

#include "core/pcep/frame.h"
#include "core/pcep/grammar.h"
#include "core/pcep/json.h"
#include "core/wire/hex.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define EXIT_GOOD    0
#define EXIT_REFUSED 1
#define EXIT_USAGE   2

#define ENCODE_ARENA_MAX (64U << 20)

struct encode {
    const char *name; /* of the input, for what is said */
    bool is_binary;
    bool is_strict;
    bool has_refused;
    bool has_failed; /* the output or memory: nothing more can be done */
    unsigned line;
    struct arena arena;
    uint8_t octets[PCEP_MESSAGE_SIZE_MAX];
};

static const char encode_help[] =
    "usage: pcectl encode [OPTIONS] [FILE | -]\n"
    "\n"
    "Makes PCEP messages of JSON: one object on a line, as \"pcectl decode --json\" shows them. "
    "What\n"
    "is left out is zero; members that end in _text are for readers and are passed over, and so "
    "are\n"
    "the lines of a capture's events and its summary.\n"
    "\n"
    "  --hex      one message on a line, as hex    (default)\n"
    "  --binary   the octets themselves, one message after the other\n"
    "  --check    refuse what may not be sent: objects that are missing, out of order, unknown or\n"
    "             malformed, reserved fields and unassigned flags that are not zero\n"
    "  --lenient  encode whatever has a form       (default)\n"
    "\n"
    "A message that is refused is named on standard error by its line and the way to the member\n"
    "that is wrong, and left out; the others are encoded.\n"
    "\n"
    "Exit code: 0 all are encoded, 1 some were refused, 2 usage or input error.\n";

static void encode_refuse(struct encode *encode, const char *where, const char *why)
{
    encode->has_refused = true;
    (void)fprintf(stderr, "pcectl encode: %s: line %u: %s%s%s\n", encode->name, encode->line, where,
                  *where == '\0' ? "" : ": ", why);
}

/* The last object that begins at or before the fault. */
static void refuse_fault(struct encode *encode, const struct pcep_message *message,
                         const struct pcep_fault *fault)
{
    char where[64] = "";
    char why[256];
    for (uint32_t i = 0; i < message->object_count; i++) {
        if (message->objects[i].offset <= fault->offset)
            (void)snprintf(where, sizeof where, "objects[%u]", i);
    }
    if (fault->error_type == 0)
        (void)snprintf(why, sizeof why, "may not be sent: %s", fault->reason);
    else
        (void)snprintf(why, sizeof why, "may not be sent: %s (PCErr %u/%u)", fault->reason,
                       fault->error_type, fault->error_value);
    encode_refuse(encode, where, why);
}

/* What was encoded is judged as its receiver would see it. */
static bool may_be_sent(struct encode *encode, size_t size)
{
    struct pcep_message message;
    struct pcep_fault fault;
    enum pce_status status =
        pcep_decode((struct wire_span){encode->octets, size}, &encode->arena, &message, &fault);
    if (status == PCE_OK)
        status = pcep_check_sending(&message, &encode->arena, &fault);
    if (status == PCE_LIMIT) {
        encode->has_failed = true;
        return false;
    }
    if (!pcep_fault_is_set(&fault))
        return true;
    refuse_fault(encode, &message, &fault);
    return false;
}

static void encode_put(struct encode *encode, size_t size)
{
    static char text[2 * PCEP_MESSAGE_SIZE_MAX + 1];
    if (encode->is_binary) {
        encode->has_failed |= fwrite(encode->octets, 1, size, stdout) != size;
        return;
    }
    hex_format((struct wire_span){encode->octets, size}, text);
    encode->has_failed |= puts(text) == EOF;
}

/* What `decode --json` says of a capture between its messages: an event, or the summary. */
static bool is_remark(const json_t *json)
{
    return json_object_get(json, "type") == NULL &&
           (json_object_get(json, "event") != NULL || json_object_get(json, "summary") != NULL);
}

static void encode_json(struct encode *encode, const json_t *json)
{
    struct pcep_message message;
    struct pcep_json_error error;
    if (is_remark(json))
        return;
    arena_reset(&encode->arena);
    enum pce_status status = pcep_from_json(json, &encode->arena, &message, &error);
    if (status == PCE_OK) {
        struct wire_writer writer = wire_writer_init(encode->octets, sizeof encode->octets);
        if (pcep_encode(&message, &writer) != PCE_OK)
            encode_refuse(encode, "", "an object, TLV or subobject, or the message, is too long");
        else if (!encode->is_strict || may_be_sent(encode, wire_written(&writer)))
            encode_put(encode, wire_written(&writer));
    } else if (status == PCE_LIMIT) {
        encode->has_failed = true;
    } else {
        encode_refuse(encode, "", error.text);
    }
}

/* A line of the input, without its end. */
struct line {
    char *text;
    size_t size;
    size_t room;
    bool is_too_long; /* its end was passed over */
};

static void encode_line(struct encode *encode, const struct line *line)
{
    json_error_t error;
    size_t blank = 0;
    while (blank < line->size && strchr(" \t\r", line->text[blank]) != NULL)
        blank++;
    if (blank == line->size)
        return; /* nothing on it */
    if (line->is_too_long) {
        encode_refuse(encode, "", "is too long");
        return;
    }
    json_t *json =
        json_loadb(line->text, line->size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (json == NULL) {
        char why[JSON_ERROR_TEXT_LENGTH + 64];
        (void)snprintf(why, sizeof why, "is no JSON: %s at column %d", error.text, error.column);
        encode_refuse(encode, "", why);
        return;
    }
    encode_json(encode, json);
    json_decref(json);
}

static bool put_char(struct line *line, char c)
{
    if (line->size == ENCODE_LINE_MAX) {
        line->is_too_long = true;
        return true;
    }
    if (line->size == line->room) {
        size_t room = line->room == 0 ? 4096 : 2 * line->room;
        char *text = realloc(line->text, room);
        if (text == NULL)
            return false;
        line->text = text;
        line->room = room;
    }
    line->text[line->size++] = c;
    return true;
}

/* False: memory is short. A line of its own is what stands in front of the end of the input. */
static bool read_line(FILE *stream, struct line *line, bool *is_last)
{
    line->size = 0;
    line->is_too_long = false;
    int c;
    while ((c = getc_unlocked(stream)) != EOF && c != '\n') {
        if (!put_char(line, (char)c))
            return false;
    }
    *is_last = c == EOF;
    return true;
}

/* False: the input cannot be read. */
static bool encode_stream(struct encode *encode, FILE *stream)
{
    struct line line = {.text = NULL};
    bool is_last = false;
    while (!encode->has_failed && !is_last) {
        encode->line++;
        encode->has_failed = !read_line(stream, &line, &is_last);
        if (!encode->has_failed)
            encode_line(encode, &line);
    }
    free(line.text);
    return ferror(stream) == 0;
}

static bool encode_input(struct encode *encode)
{
    if (strcmp(encode->name, "-") == 0)
        return encode_stream(encode, stdin);
    FILE *file = fopen(encode->name, "rb");
    if (file == NULL)
        return false;
    bool is_read = encode_stream(encode, file);
    return fclose(file) == 0 && is_read;
}

/* False: the command ends here, with the exit code. */
static bool encode_parse_options(struct encode *encode, int argc, char **argv, int *exit_code)
{
    static const struct option options[] = {
        {"hex", no_argument, NULL, 'x'},   {"binary", no_argument, NULL, 'b'},
        {"check", no_argument, NULL, 'c'}, {"lenient", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},  {NULL, 0, NULL, 0},
    };
    int option;
    *exit_code = EXIT_USAGE;
    optind = 0; /* the caller may have used getopt before */
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'x':
        case 'b':
            encode->is_binary = option == 'b';
            break;
        case 'c':
        case 'l':
            encode->is_strict = option == 'c';
            break;
        case 'h':
            (void)fputs(encode_help, stdout);
            *exit_code = EXIT_GOOD;
            return false;
        default:
            (void)fputs(encode_help, stderr);
            return false;
        }
    }
    if (argc - optind <= 1)
        return true;
    (void)fputs(encode_help, stderr);
    return false;
}

int encode_command(int argc, char **argv)
{
    static struct encode encode;
    int exit_code;
    if (!encode_parse_options(&encode, argc, argv, &exit_code))
        return exit_code;
    encode.name = optind < argc ? argv[optind] : "-";
    arena_init(&encode.arena, ENCODE_ARENA_MAX);
    bool is_read = encode_input(&encode);
    arena_fini(&encode.arena);
    if (!is_read) {
        (void)fprintf(stderr, "pcectl encode: %s: cannot be read\n", encode.name);
        return EXIT_USAGE;
    }
    if (encode.has_failed || fflush(stdout) != 0) {
        (void)fputs("pcectl encode: the output cannot be written, or memory is short\n", stderr);
        return EXIT_USAGE;
    }
    return encode.has_refused ? EXIT_REFUSED : EXIT_GOOD;
}
