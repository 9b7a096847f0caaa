#include "server/decode.h"

#include "core/pcep/frame.h"
#include "core/pcep/grammar.h"
#include "core/pcep/hex.h"
#include "core/pcep/json.h"
#include "core/pcep/print.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define EXIT_GOOD   0
#define EXIT_FAULTS 1
#define EXIT_USAGE  2

/* A message of 65,535 octets decodes into less; its text is shorter too. */
#define DECODE_ARENA_MAX (64U << 20)
#define DECODE_TEXT_MIN  (1U << 16)
#define DECODE_TEXT_MAX  (64U << 20)

enum decode_input { DECODE_AUTO, DECODE_HEX, DECODE_BINARY };

struct decode {
    enum decode_input input;
    bool is_json;
    bool has_offsets;
    bool has_faults;
    struct arena arena;
};

/* A buffer that grows. */
struct buffer {
    uint8_t *octets;
    size_t size;
    size_t room;
};

static const char decode_help[] =
    "usage: pcectl decode [--hex | --binary] [--json] [--offsets] [FILE | HEX | -]\n"
    "\n"
    "Shows the PCEP messages in FILE, in the text HEX, or on standard input, one after the other.\n"
    "Hex may have blanks, line ends, colons, commas, 0x and the offsets of xxd in it; from # to "
    "the\n"
    "end of a line is a comment.\n"
    "\n"
    "  --hex      the input is hex text        (default: seen from the input)\n"
    "  --binary   the input is the octets themselves\n"
    "  --json     one JSON object on a line for each message\n"
    "  --offsets  begin each line with its offset in the message\n"
    "\n"
    "Exit code: 0 all messages are good, 1 faults were found, 2 usage or input error.\n";

static bool buffer_put(struct buffer *buffer, const void *octets, size_t size)
{
    if (size == 0)
        return true;
    if (size > DECODE_INPUT_MAX - buffer->size)
        return false;
    if (buffer->size + size > buffer->room) {
        size_t room = 2 * (buffer->size + size);
        uint8_t *grown = realloc(buffer->octets, room);
        if (grown == NULL)
            return false;
        buffer->octets = grown;
        buffer->room = room;
    }
    memcpy(buffer->octets + buffer->size, octets, size);
    buffer->size += size;
    return true;
}

static bool read_stream(FILE *stream, struct buffer *buffer)
{
    uint8_t chunk[16384];
    size_t size;
    while ((size = fread(chunk, 1, sizeof chunk, stream)) > 0) {
        if (!buffer_put(buffer, chunk, size))
            return false;
    }
    return ferror(stream) == 0;
}

/* ---- hex text ---- */

static bool is_filler(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == ':' || c == ',' || c == '-';
}

/* Steps over the offset in front of a line of xxd: at least four digits, a colon and a blank. */
static size_t offset_size(const char *line, size_t size)
{
    size_t at = 0;
    while (at < size && hex_digit(line[at]) >= 0)
        at++;
    return at >= 4 && at + 1 < size && line[at] == ':' && line[at + 1] == ' ' ? at + 1 : 0;
}

/* One line's octets; false at a character that has no place in hex text. */
static bool parse_line(const char *line, size_t size, struct buffer *out)
{
    size_t at = offset_size(line, size);
    bool has_offset = at > 0;
    if (has_offset)
        at++;
    while (at < size && line[at] != '#') {
        /* xxd puts the characters behind two blanks. */
        if (has_offset && line[at] == ' ' && at + 1 < size && line[at + 1] == ' ')
            break;
        if (is_filler(line[at])) {
            at++;
            continue;
        }
        if (at + 1 < size && line[at] == '0' && (line[at + 1] == 'x' || line[at + 1] == 'X')) {
            at += 2;
            continue;
        }
        uint8_t octet;
        if (at + 1 >= size || !hex_parse(line + at, 2, &octet) || !buffer_put(out, &octet, 1))
            return false;
        at += 2;
    }
    return true;
}

/* The number of the line that is no hex text; 0 when all is good. */
static unsigned parse_hex(const struct buffer *text, struct buffer *out)
{
    unsigned number = 0;
    for (size_t at = 0; at < text->size;) {
        const char *line = (const char *)text->octets + at;
        const char *end = memchr(line, '\n', text->size - at);
        size_t size = end == NULL ? text->size - at : (size_t)(end - line);
        number++;
        if (!parse_line(line, size, out))
            return number;
        at += size + 1;
    }
    return 0;
}

/* Text has no control characters; a PCEP message has: the type or the first octet of the length. */
static bool is_text(const struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->size; i++) {
        uint8_t c = buffer->octets[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

/* ---- input ---- */

static bool read_input(const char *argument, struct buffer *buffer)
{
    if (argument == NULL || strcmp(argument, "-") == 0)
        return read_stream(stdin, buffer);
    FILE *file = fopen(argument, "rb");
    if (file == NULL) /* not a file: the octets themselves, if it is hex */
        return buffer_put(buffer, argument, strlen(argument));
    bool is_read = read_stream(file, buffer);
    return fclose(file) == 0 && is_read;
}

/* The octets to decode, from what was read. */
static bool load(const struct decode *decode, const char *argument, struct buffer *octets)
{
    struct buffer raw = {NULL, 0, 0};
    const char *name = argument == NULL ? "-" : argument;
    if (!read_input(argument, &raw)) {
        (void)fprintf(stderr, "pcectl decode: %s: cannot be read\n", name);
        free(raw.octets);
        return false;
    }
    bool is_hex = decode->input == DECODE_HEX || (decode->input == DECODE_AUTO && is_text(&raw));
    if (!is_hex) {
        *octets = raw;
        return true;
    }
    unsigned line = parse_hex(&raw, octets);
    free(raw.octets);
    if (line == 0)
        return true;
    (void)fprintf(stderr, "pcectl decode: %s: line %u is neither hex text nor a file\n", name,
                  line);
    return false;
}

/* ---- output ---- */

static bool show_text(const struct decode *decode, const struct pcep_message *message,
                      const struct pcep_fault *fault)
{
    struct pcep_print_options options = {.has_offsets = decode->has_offsets};
    for (size_t room = DECODE_TEXT_MIN; room <= DECODE_TEXT_MAX; room *= 2) {
        uint8_t *text = malloc(room);
        if (text == NULL)
            return false;
        struct wire_writer writer = wire_writer_init(text, room);
        pcep_print(&writer, message, fault, options);
        bool is_whole = !writer.failed;
        if (is_whole)
            is_whole = fwrite(text, 1, wire_written(&writer), stdout) == wire_written(&writer);
        free(text);
        if (is_whole)
            return true;
    }
    return false;
}

static bool show_json(const struct pcep_message *message, const struct pcep_fault *fault)
{
    json_t *json = pcep_to_json(message, fault);
    if (json == NULL)
        return false;
    bool is_written = json_dumpf(json, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(json);
    return is_written;
}

/* The first fault of the sections of a message: of its grammar. */
static void find_grammar_fault(struct decode *decode, const struct pcep_message *message,
                               struct pcep_fault *fault)
{
    struct pcep_request_list requests = {.requests = NULL};
    struct pcep_lsp_state_list states = {.states = NULL};
    struct pcep_response_list responses = {.responses = NULL};
    enum pce_status status = PCE_OK;
    if (message->type == PCEP_MESSAGE_PCREQ)
        status = pcep_parse_requests(message, &decode->arena, &requests, fault);
    else if (message->type == PCEP_MESSAGE_PCREP)
        status = pcep_parse_responses(message, &decode->arena, &responses, fault);
    else if (message->type == PCEP_MESSAGE_PCRPT || message->type == PCEP_MESSAGE_PCUPD ||
             message->type == PCEP_MESSAGE_PCINITIATE)
        status = pcep_parse_lsp_states(message, &decode->arena, &states, fault);
    if (status != PCE_OK)
        return;
    for (uint32_t i = 0; i < requests.request_count && !pcep_fault_is_set(fault); i++)
        *fault = requests.requests[i].fault;
    for (uint32_t i = 0; i < states.state_count && !pcep_fault_is_set(fault); i++)
        *fault = states.states[i].fault;
    for (uint32_t i = 0; i < responses.response_count && !pcep_fault_is_set(fault); i++)
        *fault = responses.responses[i].fault;
}

static bool show_message(struct decode *decode, struct wire_span octets)
{
    struct pcep_message message;
    struct pcep_fault fault;
    arena_reset(&decode->arena);
    enum pce_status status = pcep_decode(octets, &decode->arena, &message, &fault);
    if (status == PCE_LIMIT)
        return false;
    if (message.row == NULL)
        pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, 2, 0, 1, "unknown message type");
    else if (!pcep_fault_is_set(&fault))
        find_grammar_fault(decode, &message, &fault);
    decode->has_faults |= pcep_fault_is_set(&fault);
    return decode->is_json ? show_json(&message, &fault) : show_text(decode, &message, &fault);
}

/* A stream that cannot be followed: said on stdout like every fault. */
static void show_stream_fault(struct decode *decode, size_t at, const char *reason)
{
    decode->has_faults = true;
    if (decode->is_json)
        (void)printf("{\"stream_offset\":%zu,\"fault\":\"%s\"}\n", at, reason);
    else
        (void)printf("! at octet %zu of the input: %s\n", at, reason);
}

static bool show_all(struct decode *decode, const struct buffer *input)
{
    struct frame frame;
    struct wire_span left = {input->octets, input->size};
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    bool is_shown = true;
    while (is_shown && left.size > 0) {
        struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
        struct wire_span message;
        size_t at = input->size - left.size;
        enum pce_status status = frame_next(&frame, &left, &message, &fault);
        if (status == PCE_OK) {
            is_shown = show_message(decode, message);
        } else {
            show_stream_fault(decode, at,
                              status == PCE_INVALID ? fault.reason : "the message is cut off");
            break;
        }
    }
    frame_fini(&frame);
    return is_shown;
}

static bool parse_options(struct decode *decode, int argc, char **argv, int *exit_code)
{
    static const struct option options[] = {
        {"hex", no_argument, NULL, 'x'},  {"binary", no_argument, NULL, 'b'},
        {"json", no_argument, NULL, 'j'}, {"offsets", no_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0},
    };
    int option;
    *exit_code = EXIT_USAGE;
    optind = 0; /* the caller may have used getopt before */
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'x':
            decode->input = DECODE_HEX;
            break;
        case 'b':
            decode->input = DECODE_BINARY;
            break;
        case 'j':
            decode->is_json = true;
            break;
        case 'o':
            decode->has_offsets = true;
            break;
        case 'h':
            (void)fputs(decode_help, stdout);
            *exit_code = EXIT_GOOD;
            return false;
        default:
            (void)fputs(decode_help, stderr);
            return false;
        }
    }
    if (argc - optind <= 1)
        return true;
    (void)fputs(decode_help, stderr);
    return false;
}

int decode_command(int argc, char **argv)
{
    struct decode decode = {.input = DECODE_AUTO};
    struct buffer input = {NULL, 0, 0};
    int exit_code;
    if (!parse_options(&decode, argc, argv, &exit_code))
        return exit_code;
    if (!load(&decode, optind < argc ? argv[optind] : NULL, &input)) {
        free(input.octets);
        return EXIT_USAGE;
    }
    arena_init(&decode.arena, DECODE_ARENA_MAX);
    bool is_shown = show_all(&decode, &input);
    arena_fini(&decode.arena);
    free(input.octets);
    if (!is_shown || fflush(stdout) != 0) {
        (void)fputs("pcectl decode: the output cannot be written\n", stderr);
        return EXIT_USAGE;
    }
    return decode.has_faults ? EXIT_FAULTS : EXIT_GOOD;
}
