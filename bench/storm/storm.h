/* Storm: many peers that misbehave, and among them some that do not.
 *
 * Two threads: one has the healthy peers, which ask for paths at fixed instants and measure how
 * long each answer takes; the other one has all that is hostile, and pced's log. main.c starts
 * pced, drives the phases and prints what was seen.
 *
 * Thread: each function says whose it is. Owns: its sockets, and the pced that it started.
 * Bound: PEERS_MAX of each kind, of which each has a source address of its own. */
#ifndef PCED_BENCH_STORM_STORM_H
#define PCED_BENCH_STORM_STORM_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PEERS_MAX  10000u
#define NS_PER_S   1000000000ull
#define NS_PER_MS  1000000ull
#define SLOTS      16u /* requests of one healthy peer that may be out */
#define INPUT_SIZE 4096u

enum kind { KIND_STALLED, KIND_DRIPPING, KIND_SILENT, KIND_RECONNECTING, KIND_COUNT };

struct options {
    const char *pced;
    const char *topology;
    uint32_t from, to; /* addresses of the requests, host order */
    uint32_t count;    /* of healthy peers, and of each kind */
    uint32_t interval_ms;
    uint32_t calm_s;
    uint32_t send_hold_s, sample_s, grace_s, open_wait_s;
    uint32_t stalled_requests;
    uint32_t reconnect_ms;
    uint16_t port;
};

/* The octets that peers send, made by the codec once. */
struct octets {
    size_t size;
    uint8_t data[256];
};

struct script {
    struct octets opening; /* Open and Keepalive */
    struct octets request;
    size_t id_offset; /* of the request number in `request` */
};

void script_make(struct script *script, const struct options *options);

/* A growing list of durations. */
struct durations {
    uint64_t *ns;
    size_t count, room;
};

void durations_add(struct durations *durations, uint64_t ns);
/* Sorts; part of 1, such as 0.99. 0 when there is none. */
uint64_t durations_quantile(struct durations *durations, double part);
void durations_fini(struct durations *durations);

uint64_t now_ns(void);
/* A socket that connects from 127.NET.x.y, by the index; -1 and errno. */
int peer_connect(uint8_t net, uint32_t index, uint16_t port, int receive_buffer);

/* ---- pced ---- */

struct server {
    pid_t pid;
    int log; /* its standard error, not blocking */
    char folder[64];
    char line[4096]; /* the part of a line that has come */
    size_t line_size;
};

/* Main thread. Starts it and waits until it is ready; ends the program with a message where that
 * fails. */
void server_start(struct server *server, const struct options *options);
/* Reads what there is of the log and calls on_line for each line. False: pced has ended it. */
bool server_read_log(struct server *server, void (*on_line)(void *context, const char *line),
                     void *context);
/* SIGTERM, and waits. The exit code; 128 + N for a signal. */
int server_stop(struct server *server);
uint64_t server_rss_kib(const struct server *server);
/* Memory of all TCP sockets of this network namespace. */
uint64_t kernel_tcp_kib(void);

/* ---- healthy peers ---- */

struct healthy_peer {
    int fd;
    uint32_t next_id;
    uint32_t messages; /* received */
    uint32_t input_size;
    bool has_opened;
    uint64_t due_ns;
    uint64_t asked_ns[SLOTS]; /* 0: the slot is free */
    uint8_t input[INPUT_SIZE];
};

enum healthy_phase { HEALTHY_CALM, HEALTHY_ONSET, HEALTHY_STORM, HEALTHY_PHASES };

struct healthy {
    const struct options *options;
    const struct script *script;
    struct healthy_peer *peers;
    pthread_t thread;
    _Atomic uint32_t up;
    _Atomic int phase; /* -1: the answers are not counted */
    _Atomic bool is_over;
    /* Read when the thread has ended. */
    struct durations latency[HEALTHY_PHASES];
    struct durations lateness; /* of the generator itself */
    uint64_t asked, answered, cancelled, without_path, not_asked, lost;
    uint64_t congestions; /* PCNtf of type 2, either way */
};

void healthy_start(struct healthy *healthy);
void healthy_stop(struct healthy *healthy);
void healthy_fini(struct healthy *healthy);

/* ---- hostile peers ---- */

struct hostile_peer {
    int fd; /* -1: not connected */
    uint8_t kind;
    uint8_t state;
    uint32_t index;
    uint32_t messages; /* received: whole ones */
    uint32_t sent;     /* octets of what it says */
    uint64_t due_ns;   /* of its next act */
    uint64_t stopped_ns;
    uint64_t closed_ns; /* pced has said so in its log */
    uint64_t ended_ns;
};

struct hostile {
    const struct options *options;
    const struct script *script;
    struct server *server;
    struct hostile_peer *peers; /* count of each kind, in the order of the kinds */
    uint8_t *requests;          /* of a peer that will not read the answers */
    size_t requests_size;
    int epoll;
    pthread_t thread;
    _Atomic bool is_over;
    _Atomic uint32_t stopped, closed, ended; /* of the stalled ones */
    uint64_t connected[KIND_COUNT], ended_by_server[KIND_COUNT];
    uint64_t failed; /* connections that could not be made */
    uint64_t dropped_octets, pending_octets;
    uint64_t least_stalled_s, most_stalled_s; /* as pced's log has them */
    unsigned lines_shown;                     /* of pced's log */
    bool log_ended;
};

void hostile_start(struct hostile *hostile);
void hostile_stop(struct hostile *hostile);

#endif
