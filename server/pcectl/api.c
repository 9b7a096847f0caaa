#include "server/pcectl/api.h"

#include "core/base/mono.h"
#include "io/os/clock.h"
#include "server/pcectl/command.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define URL_SIZE     2048
#define PAUSE_MIN_MS 10
#define PAUSE_MAX_MS 320

struct answer {
    char *octets;
    size_t size;
};

static size_t api_take_octets(char *octets, size_t one, size_t count, void *context)
{
    struct answer *answer = context;
    size_t size = one * count;
    if (size > PCECTL_ANSWER_MAX - answer->size)
        return 0;
    char *grown = realloc(answer->octets, answer->size + size + 1);
    if (grown == NULL)
        return 0;
    memcpy(grown + answer->size, octets, size);
    answer->octets = grown;
    answer->size += size;
    return size;
}

static void pause_ms(uint32_t ms)
{
    const struct timespec pause = {.tv_nsec = (long)ms * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* errno of an attempt that found no connection; 0: none was lost, or it is not known. */
static int error_of(CURL *curl, CURLcode result, bool is_unix)
{
    long error = 0;
    if (result != CURLE_COULDNT_CONNECT)
        return 0;
    (void)curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
    /* The kernel fails a connect() to a UNIX socket that does not block with EAGAIN while the
     * backlog of its listener is full. libcurl takes that for one that is under way, and finds no
     * error at its end. */
    return error == 0 && is_unix ? EAGAIN : (int)error;
}

/* Begins again while others fill the backlog: there is no event to wait for, and nothing of the
 * request was sent. */
static CURLcode perform(CURL *curl, bool is_unix, int *error)
{
    const struct mono deadline = mono_add_s(clock_now(), PCECTL_CONNECT_S);
    for (uint32_t ms = PAUSE_MIN_MS;; ms = ms < PAUSE_MAX_MS ? 2 * ms : ms) {
        CURLcode result = curl_easy_perform(curl);
        *error = error_of(curl, result, is_unix);
        if (*error != EAGAIN || !mono_is_before(clock_now(), deadline))
            return result;
        pause_ms(ms);
    }
}

/* What all requests have. */
static CURLcode api_aim(CURL *curl, const struct pcectl_target *target, const char *path,
                        char *text)
{
    char url[URL_SIZE];
    int size = snprintf(url, sizeof url, "http://%s%s", target->host, path);
    if (size < 0 || (size_t)size >= sizeof url)
        return CURLE_URL_MALFORMAT;
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text);
    if (target->socket != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, target->socket);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* an LSP may have the name ".." */
    (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    return CURLE_OK;
}

static CURLcode api_make_request(CURL *curl, const struct pcectl_request *request,
                                 struct answer *answer, char *text, int *error)
{
    CURLcode result = api_aim(curl, request->target, request->path, text);
    if (result != CURLE_OK)
        return result;
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)PCECTL_WAIT_S);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, api_take_octets);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (request->body != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    return perform(curl, request->target->socket != NULL, error);
}

/* What the server says of an error, to a person. */
static int api_explain(const json_t *json, long status)
{
    const json_t *error = json_object_get(json, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *field = json_string_value(json_object_get(error, "field"));
    (void)fprintf(stderr, "pcectl: %s%s%s (HTTP status %ld)\n", field == NULL ? "" : field,
                  field == NULL ? "" : ": ", message == NULL ? "refused" : message, status);
    if (status == 404 || status == 409)
        return COMMAND_NO;
    return status >= 500 ? COMMAND_FAILED : COMMAND_USAGE;
}

static json_t *read_answer(const struct answer *answer, long status, int *code)
{
    json_t *json =
        answer->octets == NULL ? NULL : json_loadb(answer->octets, answer->size, 0, NULL);
    if (json == NULL) {
        (void)fprintf(stderr, "pcectl: the answer is no JSON (HTTP status %ld)\n", status);
        *code = COMMAND_FAILED;
        return NULL;
    }
    *code = COMMAND_OK;
    if (status >= 200 && status < 300)
        return json;
    *code = api_explain(json, status);
    json_decref(json);
    return NULL;
}

json_t *pcectl_ask(const struct pcectl_request *request, int *code)
{
    char text[CURL_ERROR_SIZE] = "";
    int error = 0;
    struct answer answer = {.octets = NULL};
    json_t *json = NULL;
    long status = 0;
    *code = COMMAND_FAILED;
    if (request->target->host[0] == '\0' && !pcectl_target_find(request->target))
        return NULL;
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        (void)fprintf(stderr, "pcectl: no memory\n");
        return NULL;
    }
    CURLcode result = api_make_request(curl, request, &answer, text, &error);
    if (result == CURLE_OK) {
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        json = read_answer(&answer, status, code);
    } else {
        pcectl_target_explain(request->target, error,
                              text[0] != '\0' ? text : curl_easy_strerror(result));
    }
    curl_easy_cleanup(curl);
    free(answer.octets);
    return json;
}

/* ---- answers that stay open ---- */

struct reading {
    CURL *curl;
    const struct pcectl_stream *stream;
    struct answer refusal; /* of a status that is none of success */
    bool is_enough;
};

static size_t api_pass_octets(char *octets, size_t one, size_t count, void *context)
{
    struct reading *reading = context;
    long status = 0;
    (void)curl_easy_getinfo(reading->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status >= 300)
        return api_take_octets(octets, one, count, &reading->refusal);
    reading->is_enough = !reading->stream->take(reading->stream->context, octets, one * count);
    return reading->is_enough ? 0 : one * count;
}

static int api_end_stream(const struct reading *reading, CURLcode result, int error,
                          const char *text)
{
    long status = 0;
    int code = COMMAND_OK;
    if (reading->is_enough)
        return code;
    (void)curl_easy_getinfo(reading->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 0) {
        pcectl_target_explain(reading->stream->target, error,
                              text[0] != '\0' ? text : curl_easy_strerror(result));
        return COMMAND_FAILED;
    }
    if (status < 200 || status >= 300)
        json_decref(read_answer(&reading->refusal, status, &code));
    return code;
}

int pcectl_read_stream(const struct pcectl_stream *stream)
{
    char text[CURL_ERROR_SIZE] = "";
    struct reading reading = {.stream = stream};
    int error = 0;
    if (stream->target->host[0] == '\0' && !pcectl_target_find(stream->target))
        return COMMAND_FAILED;
    reading.curl = curl_easy_init();
    if (reading.curl == NULL) {
        (void)fprintf(stderr, "pcectl: no memory\n");
        return COMMAND_FAILED;
    }
    CURLcode result = api_aim(reading.curl, stream->target, stream->path, text);
    (void)curl_easy_setopt(reading.curl, CURLOPT_WRITEFUNCTION, api_pass_octets);
    (void)curl_easy_setopt(reading.curl, CURLOPT_WRITEDATA, &reading);
    (void)curl_easy_setopt(reading.curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(reading.curl, CURLOPT_LOW_SPEED_TIME, (long)PCECTL_SILENCE_S);
    if (result == CURLE_OK)
        result = perform(reading.curl, stream->target->socket != NULL, &error);
    int code = api_end_stream(&reading, result, error, text);
    curl_easy_cleanup(reading.curl);
    free(reading.refusal.octets);
    return code;
}

/* ---- arguments ---- */

/* Where the value of the option of this name goes; NULL: there is no such option. */
static const char **api_find_option(const struct pcectl_option *options,
                                    struct pcectl_arguments *arguments, const char *name)
{
    const struct pcectl_option common[] = {{"--socket", &arguments->target.socket},
                                           {"--api", &arguments->target.api}};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (strcmp(common[i].name, name) == 0)
            return common[i].value;
    }
    for (; options->name != NULL; options++) {
        if (strcmp(options->name, name) == 0)
            return options->value;
    }
    return NULL;
}

int pcectl_options_end(int argc, char **argv)
{
    int end = 1;
    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    return end;
}

bool pcectl_parse(int argc, char **argv, const struct pcectl_option *options,
                  struct pcectl_arguments *arguments)
{
    const int end = pcectl_options_end(argc, argv);
    *arguments = (struct pcectl_arguments){.words = argv};
    for (int i = 1; i < end; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            arguments->is_json = true;
            continue;
        }
        if (strncmp(argv[i], "--", 2) != 0) {
            arguments->words[arguments->count++] = argv[i];
            continue;
        }
        const char **value = api_find_option(options, arguments, argv[i]);
        if (value == NULL || i + 1 == end) {
            (void)fprintf(stderr, "pcectl: %s: %s\n", argv[i],
                          value == NULL ? "there is no such option" : "its value is missing");
            return false;
        }
        *value = argv[++i];
    }
    for (int i = end + 1; i < argc; i++)
        arguments->words[arguments->count++] = argv[i];
    if (arguments->target.socket != NULL && arguments->target.api != NULL) {
        (void)fprintf(stderr, "pcectl: --socket and --api exclude each other\n");
        return false;
    }
    return true;
}

static bool api_append(char *path, size_t size, const char *before, const char *value)
{
    size_t used = strlen(path);
    char *escaped = curl_easy_escape(NULL, value, 0);
    if (escaped == NULL)
        return false;
    int added = snprintf(path + used, size - used, "%s%s", before, escaped);
    curl_free(escaped);
    return added >= 0 && (size_t)added < size - used;
}

bool pcectl_add_argument(char *path, size_t size, const char *name, const char *value)
{
    char before[64];
    (void)snprintf(before, sizeof before, "%c%s=", strchr(path, '?') == NULL ? '?' : '&', name);
    return api_append(path, size, before, value);
}

bool pcectl_add_element(char *path, size_t size, const char *value)
{
    return api_append(path, size, "/", value);
}

void pcectl_print_json(const json_t *json)
{
    (void)json_dumpf(json, stdout, JSON_INDENT(2));
    (void)putchar('\n');
}

void pcectl_print_changes(const json_t *page, bool is_json, size_t digits,
                          void (*print)(const json_t *row))
{
    size_t i;
    json_t *row;
    json_int_t missed = json_integer_value(json_object_get(page, "missed"));
    if (missed > 0)
        (void)fprintf(stderr, "pcectl: %lld changes are not there any more\n", (long long)missed);
    json_array_foreach(json_object_get(page, "changes"), i, row)
    {
        if (!is_json) {
            print(row);
            continue;
        }
        (void)json_dumpf(row, stdout, JSON_COMPACT | JSON_REAL_PRECISION(digits));
        printf("\n");
    }
    (void)fflush(stdout);
}
