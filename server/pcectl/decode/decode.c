#include "server/pcectl/decode/decode.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "core/pcep/frame.h"
#include "core/wire/hex.h"
#include "io/os/signal.h"
#include "server/pcectl/capture/source.h"
#include "server/pcectl/decode/decode_bgp.h"
#include "server/pcectl/decode/decode_capture.h"
#include "server/pcectl/decode/decode_show.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXIT_GOOD   0
#define EXIT_FAULTS 1
#define EXIT_USAGE  2

enum decode_input { DECODE_AUTO, DECODE_HEX, DECODE_BINARY };

struct decode {
    enum decode_input input;
    bool has_faults;
    bool is_followed;
    bool is_for_captures; /* an option was given that has a meaning for captures alone */
    struct decode_show show;
    struct decode_capture_options capture;
};

/* A buffer that grows. */
struct buffer {
    uint8_t *octets;
    size_t size;
    size_t room;
};

static const char decode_help[] =
    "usage: pcectl decode [OPTIONS] [FILE | HEX | -]\n"
    "\n"
    "Shows the PCEP messages in FILE, in the text HEX, or on standard input, one after the other;\n"
    "or those of BGP, which are known by their marker of 16 octets ff.\n"
    "FILE may be a capture (pcap or pcapng): its TCP connections are put together, those of BGP, "
    "too.\n"
    "Hex may have blanks, line ends, colons, commas, 0x and the offsets of xxd in it; from # to "
    "the\n"
    "end of a line is a comment.\n"
    "\n"
    "  --hex          the input is hex text        (default: seen from the input)\n"
    "  --binary       the input is the octets themselves\n"
    "  --json         one JSON object on a line for each message\n"
    "  --offsets      begin each line with its offset in the message\n"
    "  --type TYPES   only messages of these types: PCReq,PCRep,UPDATE or numbers\n"
    "\n"
    "For captures:\n"
    "  --peer PEER    only sessions of this peer: ADDRESS, ADDRESS:PORT, [IPV6]:PORT or "
    "PREFIX/BITS;\n"
    "                 may be repeated\n"
    "  --port PORT    a port of PCEP (default 4189); may be repeated; \"any\": see what is PCEP\n"
    "  --bgp-port PORT  a port of BGP (default 179); may be repeated\n"
    "  --follow       at the end of the capture wait for more, until SIGINT or SIGTERM\n"
    "  --stats        a summary instead of the messages\n"
    "\n"
    "Exit code: 0 all is good, 1 faults or gaps were found, 2 usage or input error.\n";

static bool buffer_put(struct buffer *buffer, const void *octets, size_t size)
{
    CHECK(buffer->size <= buffer->room && buffer->size <= DECODE_INPUT_MAX);
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
        /* xxd puts the characters after two blanks. */
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

/* All that is left of the source. */
static bool read_rest(struct source *source, struct buffer *buffer)
{
    for (;;) {
        struct wire_span octets;
        enum pce_status status = source_peek(source, 1, &octets);
        if (status != PCE_OK)
            return status == PCE_CLOSED;
        octets.size = source->left; /* what came with it */
        if (!buffer_put(buffer, octets.octets, octets.size))
            return false;
        source_step(source, octets.size);
    }
}

/* The octets to decode, from what is read. */
static bool load(const struct decode *decode, struct source *source, const char *name,
                 struct buffer *octets)
{
    struct buffer raw = {NULL, 0, 0};
    if (!read_rest(source, &raw)) {
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

/* A stream that cannot be followed: said on stdout like every fault. */
static void show_stream_fault(struct decode *decode, size_t at, const char *reason)
{
    decode->has_faults = true;
    if (decode->show.is_json)
        (void)printf("{\"stream_offset\":%zu,\"fault\":\"%s\"}\n", at, reason);
    else
        (void)printf("! at octet %zu of the input: %s\n", at, reason);
}

static bool show_one(struct decode *decode, struct frame_message message)
{
    static const struct decode_head none;
    const struct wire_span octets = {message.octets, message.size};
    bool is_faulty = false;
    if (!filter_has_type(&decode->capture.filter, false, message.type))
        return true;
    bool is_shown = decode_show_message(&decode->show, octets, &none, &is_faulty);
    decode->has_faults |= is_faulty;
    return is_shown;
}

static bool show_bgp(struct decode *decode, struct wire_span octets)
{
    struct decode_bgp_result result;
    bool is_shown = decode_bgp_show(&decode->show, octets, &result);
    decode->has_faults |= result.is_faulty;
    if (is_shown && result.bad_stream != NULL)
        show_stream_fault(decode, result.bad_offset, result.bad_stream);
    return is_shown;
}

static bool show_all(struct decode *decode, const struct buffer *input)
{
    struct frame frame;
    struct wire_span left = {input->octets, input->size};
    if (decode_bgp_is(left))
        return show_bgp(decode, left);
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    bool is_shown = true;
    while (is_shown && left.size > 0) {
        struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
        struct frame_message message;
        size_t at = input->size - left.size;
        enum pce_status status = frame_next(&frame, &left, &message, &fault);
        if (status == PCE_OK) {
            is_shown = show_one(decode, message);
        } else {
            show_stream_fault(decode, at,
                              status == PCE_INVALID ? fault.reason : "the message is cut off");
            break;
        }
    }
    frame_fini(&frame);
    return is_shown;
}

/* Hex text and octets. */
static int run_messages(struct decode *decode, struct source *source, const char *name)
{
    struct buffer input = {NULL, 0, 0};
    bool is_loaded = load(decode, source, name, &input);
    bool is_shown = is_loaded && show_all(decode, &input);
    free(input.octets);
    if (!is_loaded)
        return EXIT_USAGE;
    if (!is_shown || fflush(stdout) != 0) {
        (void)fputs("pcectl decode: the output cannot be written\n", stderr);
        return EXIT_USAGE;
    }
    return decode->has_faults ? EXIT_FAULTS : EXIT_GOOD;
}

/* ---- the command line ---- */

enum decode_option {
    OPTION_HEX = 256,
    OPTION_BINARY,
    OPTION_JSON,
    OPTION_OFFSETS,
    OPTION_FOLLOW,
    OPTION_PEER,
    OPTION_TYPE,
    OPTION_PORT,
    OPTION_BGP_PORT,
    OPTION_STATS,
};

static bool decode_refuse(const char *option, const char *value)
{
    (void)fprintf(stderr, "pcectl decode: %s: \"%s\" is not what it takes\n", option, value);
    return false;
}

static bool add_port(struct flow_ports *ports, const char *option, const char *text)
{
    uint64_t port;
    bool is_port = number_parse(text, UINT16_MAX, &port) && port != 0;
    if (!is_port || ports->count == FLOW_PORTS_MAX)
        return decode_refuse(option, text);
    ports->ports[ports->count++] = (uint16_t)port;
    return true;
}

/* Options with a value. */
static bool take_value(struct decode *decode, int option, const char *value)
{
    const char *unknown;
    if (option == OPTION_TYPE)
        return filter_add_types(&decode->capture.filter, value, &unknown) == PCE_OK ||
               decode_refuse("--type", unknown);
    decode->is_for_captures = true;
    if (option == OPTION_PORT && strcmp(value, "any") == 0) {
        decode->capture.flow.is_any_port = true;
        return true;
    }
    if (option == OPTION_PORT)
        return add_port(&decode->capture.flow.pcep, "--port", value);
    if (option == OPTION_BGP_PORT)
        return add_port(&decode->capture.flow.bgp, "--bgp-port", value);
    return filter_add_peer(&decode->capture.filter, value) == PCE_OK ||
           decode_refuse("--peer", value);
}

/* Options without one; false when there is no such option. */
static bool take_flag(struct decode *decode, int option)
{
    switch (option) {
    case OPTION_HEX:
        decode->input = DECODE_HEX;
        return true;
    case OPTION_BINARY:
        decode->input = DECODE_BINARY;
        return true;
    case OPTION_JSON:
        decode->show.is_json = true;
        return true;
    case OPTION_OFFSETS:
        decode->show.has_offsets = true;
        return true;
    case OPTION_FOLLOW:
        decode->is_followed = true;
        decode->is_for_captures = true;
        return true;
    case OPTION_STATS:
        decode->capture.has_stats = true;
        decode->is_for_captures = true;
        return true;
    default:
        (void)fputs(decode_help, stderr);
        return false;
    }
}

static bool decode_parse_options(struct decode *decode, int argc, char **argv, int *exit_code)
{
    static const struct option options[] = {
        {"hex", no_argument, NULL, OPTION_HEX},
        {"binary", no_argument, NULL, OPTION_BINARY},
        {"json", no_argument, NULL, OPTION_JSON},
        {"offsets", no_argument, NULL, OPTION_OFFSETS},
        {"follow", no_argument, NULL, OPTION_FOLLOW},
        {"peer", required_argument, NULL, OPTION_PEER},
        {"type", required_argument, NULL, OPTION_TYPE},
        {"port", required_argument, NULL, OPTION_PORT},
        {"bgp-port", required_argument, NULL, OPTION_BGP_PORT},
        {"stats", no_argument, NULL, OPTION_STATS},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    *exit_code = EXIT_USAGE;
    optind = 0; /* the caller may have used getopt before */
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h') {
            (void)fputs(decode_help, stdout);
            *exit_code = EXIT_GOOD;
            return false;
        }
        if (optarg != NULL ? !take_value(decode, option, optarg) : !take_flag(decode, option))
            return false;
    }
    if (argc - optind <= 1)
        return true;
    (void)fputs(decode_help, stderr);
    return false;
}

/* ---- the run ---- */

/* Sees what the input is, and has it decoded. */
static int decode_run(struct decode *decode, struct source *source, const char *name)
{
    struct wire_span first = {NULL, 0};
    enum capture_kind kind = CAPTURE_NONE;
    if (decode->input == DECODE_AUTO) {
        enum pce_status status = source_peek(source, CAPTURE_MAGIC_SIZE, &first);
        if (status == PCE_CANCELLED)
            return EXIT_GOOD;
        kind = capture_recognise(first); /* what is wrong with the source comes up again */
    }
    if (kind != CAPTURE_NONE)
        return decode_capture(source, name, &decode->show, &decode->capture);
    if (!decode->is_for_captures)
        return run_messages(decode, source, name);
    (void)fprintf(
        stderr,
        "pcectl decode: %s: --follow, --peer, --port, --bgp-port and --stats are for captures, and "
        "this is none\n",
        name);
    return EXIT_USAGE;
}

static int run_descriptor(struct decode *decode, int descriptor, const char *path)
{
    struct source source;
    int stop = -1;
    source_init_file(&source, descriptor);
    if (decode->is_followed) {
        signal_block();
        if (signal_open(&stop) != PCE_OK) {
            (void)fputs("pcectl decode: no signals can be waited for\n", stderr);
            return EXIT_USAGE;
        }
        source_follow(&source, path, stop);
    }
    int exit_code = decode_run(decode, &source, path == NULL ? "-" : path);
    source_fini(&source);
    if (stop >= 0)
        (void)close(stop);
    return exit_code;
}

static int run_argument(struct decode *decode, const char *argument)
{
    if (argument == NULL || strcmp(argument, "-") == 0)
        return run_descriptor(decode, STDIN_FILENO, NULL);
    int descriptor = open(argument, O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        int exit_code = run_descriptor(decode, descriptor, argument);
        (void)close(descriptor);
        return exit_code;
    }
    struct source source; /* not a file: the octets themselves, if it is hex */
    source_init_memory(&source, argument, strlen(argument));
    return decode_run(decode, &source, argument);
}

int decode_command(int argc, char **argv)
{
    struct decode decode = {.input = DECODE_AUTO};
    int exit_code;
    decode_show_init(&decode.show);
    if (decode_parse_options(&decode, argc, argv, &exit_code))
        exit_code = run_argument(&decode, optind < argc ? argv[optind] : NULL);
    decode_show_fini(&decode.show);
    return exit_code;
}
