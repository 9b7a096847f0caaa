/* pcefloor: a bare responder under the load of pceload, to hold pced's figures against.
 *
 *     pcefloor --shards 2 --reply-octets 100 127.0.0.1:4189
 *     pcefloor --help
 *
 * Prints "ready" when it listens. SIGTERM or SIGINT: prints one line of JSON and ends. Exit codes:
 * 0 ended so, 1 it could not begin, 2 wrong option. */
#include "bench/pcefloor/floor.h"

#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char usage[] =
    "pcefloor [options] ADDRESS[:PORT]      port 4189; IPv6: [ADDRESS]:PORT\n"
    "  --shards N         threads, each with a ring (1)\n"
    "  --keepalive S      what its Open names, and how often it sends one (30; 0: never)\n"
    "  --reply-octets N   of its PCRep, a multiple of 4 from 20 to 4096 (100)\n";

static const struct option names[] = {
    {"shards", required_argument, NULL, 's'},
    {"keepalive", required_argument, NULL, 'k'},
    {"reply-octets", required_argument, NULL, 'r'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static _Atomic bool stop;
static sem_t begun; /* a shard is ready, or not: first_error */
static _Atomic int first_error;

static unsigned floor_read_number(const char *text, unsigned min, unsigned max)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max) {
        (void)fprintf(stderr, "pcefloor: '%s': a number from %u to %u\n", text, min, max);
        exit(2);
    }
    return (unsigned)value;
}

/* "A", "A:P", "[A]:P", "[A]" or a bare IPv6 address. */
static void floor_read_address(const char *text, struct floor_options *options)
{
    char host[64] = "";
    const char *port = "4189", *colon = strrchr(text, ':'), *bracket = strchr(text, ']');
    size_t size = strlen(text);
    if (text[0] == '[' && bracket != NULL) {
        port = bracket[1] == ':' ? bracket + 2 : port;
        size = (size_t)(bracket - ++text);
    } else if (colon != NULL && strchr(text, ':') == colon) {
        port = colon + 1;
        size = (size_t)(colon - text);
    }
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (size < sizeof host)
        memcpy(host, text, size);
    if (size >= sizeof host || getaddrinfo(host, port, &hints, &found) != 0) {
        (void)fprintf(stderr, "pcefloor: '%s' is not ADDRESS[:PORT]\n", text);
        exit(2);
    }
    memcpy(&options->address, found->ai_addr, found->ai_addrlen);
    options->address_size = found->ai_addrlen;
    freeaddrinfo(found);
}

static void floor_read_options(int argc, char **argv, struct floor_options *options)
{
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (name == 's') {
            options->shard_count = floor_read_number(optarg, 1, FLOOR_SHARDS_MAX);
        } else if (name == 'k') {
            options->keepalive_s = floor_read_number(optarg, 0, 255);
        } else if (name == 'r') {
            unsigned size = floor_read_number(optarg, PREPARED_REPLY_MIN, PREPARED_REPLY_MAX);
            options->reply_octets = (uint16_t)((size + 3) / 4 * 4);
        } else {
            (void)fputs(usage, name == 'h' ? stdout : stderr);
            exit(name == 'h' ? 0 : 2);
        }
    }
    if (optind + 1 != argc) {
        (void)fputs(usage, stderr);
        exit(2);
    }
    floor_read_address(argv[optind], options);
}

static void *floor_run_shard(void *object)
{
    struct floor_shard *shard = object;
    int error = floor_shard_init(shard);
    if (error != 0)
        first_error = error;
    (void)sem_post(&begun);
    if (error == 0)
        floor_shard_serve(shard, &stop);
    return NULL;
}

/* Returns the number of threads that run; first_error says whether all is well. */
static unsigned floor_start_shards(struct floor_shard *shards, const struct floor_options *options,
                                   const struct prepared *prepared, const int *listeners)
{
    (void)sem_init(&begun, 0, 0);
    unsigned count = 0;
    for (; count < options->shard_count && first_error == 0; count++) {
        shards[count].options = options;
        shards[count].prepared = prepared;
        shards[count].listener = listeners[count];
        int error = pthread_create(&shards[count].thread, NULL, floor_run_shard, &shards[count]);
        if (error != 0) {
            first_error = error;
            break;
        }
        while (sem_wait(&begun) != 0)
            continue;
    }
    return count;
}

static double cpu_seconds(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void floor_report(const struct floor_shard *shards, unsigned count)
{
    uint64_t connections = 0, requests = 0, dropped = 0;
    for (unsigned i = 0; i < count; i++) {
        connections += shards[i].connections;
        requests += shards[i].requests;
        dropped += shards[i].dropped;
    }
    printf(
        "{\"connections\": %llu, \"requests\": %llu, \"dropped\": %llu, \"cpu_seconds\": %.6f}\n",
        (unsigned long long)connections, (unsigned long long)requests, (unsigned long long)dropped,
        cpu_seconds());
}

static int serve(const struct floor_options *options, const struct prepared *prepared,
                 const int *listeners)
{
    static struct floor_shard shards[FLOOR_SHARDS_MAX];
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    unsigned count = floor_start_shards(shards, options, prepared, listeners);
    if (first_error == 0) {
        (void)puts("ready");
        (void)fflush(stdout);
        int signal_number;
        (void)sigwait(&ends, &signal_number);
    }
    stop = true;
    for (unsigned i = 0; i < count; i++)
        (void)pthread_join(shards[i].thread, NULL);
    if (first_error != 0) {
        (void)fprintf(stderr, "pcefloor: shard %u of %u: %s\n", count, options->shard_count,
                      strerror(first_error));
        return 1;
    }
    floor_report(shards, count);
    return 0;
}

int main(int argc, char **argv)
{
    static struct floor_options options = {
        .shard_count = 1, .keepalive_s = 30, .reply_octets = 100};
    static struct prepared prepared;
    int listeners[FLOOR_SHARDS_MAX];
    floor_read_options(argc, argv, &options);
    prepared_make(&prepared, options.keepalive_s, options.reply_octets);
    int error = floor_listen(&options, listeners);
    if (error != 0) {
        (void)fprintf(stderr, "pcefloor: listening: %s\n", strerror(error));
        return 1;
    }
    return serve(&options, &prepared, listeners);
}
