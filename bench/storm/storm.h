/* Storm: many peers that misbehave, and among them some that do not.
 *
 * Several processes, since no process may have more than some ten thousand files: one has the
 * healthy peers, which ask for paths at fixed instants and measure how long each answer takes; each
 * hostile kind has one of its own. What they count lies in memory that all of them share. The
 * process that was started starts pced, reads its log, drives the phases and prints what was seen.
 *
 * So that it is known what the machine alone does to the healthy ones, the hostile peers first go
 * to sinks: servers that open a session, read all and say no more (sink.c).
 *
 * Thread: each function says whose it is. Owns: its sockets, its processes, and the pced that it
 * started. Bound: PEERS_MAX of each kind, of which each has a source address of its own. */
#ifndef PCED_BENCH_STORM_STORM_H
#define PCED_BENCH_STORM_STORM_H

#include "core/base/ip.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define PEERS_MAX     15000u
#define NS_PER_S      1000000000ull
#define NS_PER_MS     1000000ull
#define SLOTS         16u /* requests of one healthy peer that may be out */
#define INPUT_SIZE    4096u
#define DURATIONS_MAX (1u << 23) /* of one list */
#define SECONDS_MAX   600u       /* of one phase */

enum kind { KIND_STALLED, KIND_DRIPPING, KIND_SILENT, KIND_RECONNECTING, KIND_COUNT };

struct options {
    const char *pced;
    const char *topology;
    const char *json;   /* file of the results; NULL: none */
    const char *trace;  /* file of what was seen five times a second; NULL: none */
    struct ip from, to; /* IPv4, of the requests */
    uint32_t count;     /* of healthy peers, and of each kind */
    uint32_t interval_ms;
    uint32_t calm_s;
    uint32_t machine_s; /* how long the hostile ones are with the sinks; 0: not at all */
    uint32_t send_hold_s, sample_s, grace_s, open_wait_s;
    uint32_t stalled_requests;
    uint32_t reconnect_ms;
    uint32_t shards;            /* 0: as pced likes */
    uint32_t pending_total_mib; /* limits.pending-total of pced */
    uint32_t request_queue_kib; /* limits.request-queue, for each shard */
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

uint64_t now_ns(void);
/* A socket that connects from 127.NET.x.y, by the index; -1 and errno. Buffers: 0 is the kernel's
 * own choice. */
struct peer_socket {
    uint8_t net;
    uint32_t index;
    uint16_t port;
    int receive_buffer, send_buffer;
};
int peer_connect(const struct peer_socket *socket);

/* ---- processes and what they share (worker.c) ---- */

/* Zeroed memory that processes started later see too. Not freed. */
void *shared_alloc(size_t size);
/* Hostile peers stand for other machines, which would take nothing of these processors: they run
 * when nothing else does (SCHED_IDLE). What they do is counted, so that it is seen not to be less
 * for that. */
enum worker_place { WORKER_HERE, WORKER_ELSEWHERE };
/* A process that ends with this one. */
pid_t worker_start(void (*run)(void *context), void *context, enum worker_place place);
void worker_wait(pid_t pid);

/* A list of durations in shared memory: one process adds. */
struct durations {
    uint64_t *ns;
    size_t count;
    uint64_t begun_ns;            /* of the second that runs */
    size_t seconds;               /* that are over */
    uint32_t end_of[SECONDS_MAX]; /* how many there were at the end of each */
};

void durations_init(struct durations *durations);
void durations_add(struct durations *durations, uint64_t ns);
/* The present, told whenever something is added: seconds end by it. */
void durations_on_time(struct durations *durations, uint64_t now);
/* The quantile of each second by itself, and of those the median: what a machine that stands still
 * now and then does not spoil. To be called before durations_quantile, which sorts all. */
uint64_t durations_usual_quantile(struct durations *durations, double part);
/* Sorts; part of 1, such as 0.99. 0 when there is none. */
uint64_t durations_quantile(struct durations *durations, double part);

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
/* Threads that hold sessions. */
uint32_t server_shards(const struct server *server);
/* Processor time so far. */
uint64_t server_cpu_ms(const struct server *server);
/* The number behind a word, blanks in between; 0 when there is none. */
uint64_t number_behind(const char *text, const char *word);
/* Memory of all TCP sockets of this machine. */
uint64_t kernel_tcp_kib(void);

/* ---- healthy peers ---- */

struct healthy_peer {
    int fd;
    uint32_t next_id;
    uint32_t messages; /* received */
    uint32_t input_size;
    bool has_opened;
    uint64_t asked_ns[SLOTS]; /* 0: the slot is free */
    uint8_t input[INPUT_SIZE];
};

/* Alone; while the hostile ones come, and when they are there: with the sinks, and with pced. */
enum phase {
    PHASE_CALM,
    PHASE_MACHINE_ONSET,
    PHASE_MACHINE_STORM,
    PHASE_ONSET,
    PHASE_STORM,
    PHASE_COUNT
};

/* Shared. */
struct healthy {
    const struct options *options;
    const struct script *script;
    struct healthy_peer *peers; /* of its own process */
    pid_t pid;
    _Atomic uint32_t up;
    _Atomic int phase; /* -1: the answers are not counted */
    _Atomic bool is_over;
    _Atomic uint64_t worst_ns; /* since the trace was written last */
    struct durations latency[PHASE_COUNT];
    uint64_t usual_p99_ns[PHASE_COUNT]; /* by the report */
    struct durations lateness;          /* of the generator itself */
    uint64_t asked, answered, cancelled, without_path, not_asked, lost;
    uint64_t congestions; /* PCNtf of type 2, either way */
};

struct healthy *healthy_start(const struct options *options, const struct script *script);
void healthy_stop(struct healthy *healthy);

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

struct hostile;

/* What the peers of a kind have done so far, or in a phase. */
struct load {
    uint64_t connections; /* that were made */
    uint64_t octets;      /* that the kernel took */
    uint64_t sends;
    uint64_t ended; /* by the server */
};

/* One kind, with a process of its own. Shared. */
struct hostile_kind {
    struct hostile *hostile;
    enum kind kind;
    uint16_t port; /* to which it connects */
    pid_t pid;
    int epoll;
    struct hostile_peer *peers; /* options->count; shared */
    _Atomic uint64_t connected, octets, sends, ended_by_server;
    uint64_t failed; /* connections that could not be made */
};

/* Shared. */
struct hostile {
    const struct options *options;
    const struct script *script;
    uint8_t *requests; /* of a peer that will not read the answers */
    size_t requests_size;
    _Atomic bool is_over;
    _Atomic uint32_t stopped, closed, ended; /* of the stalled ones */
    struct hostile_kind kinds[KIND_COUNT];
};

/* With pced, or with the sinks that listen on `ports`, one for each kind. */
struct hostile *hostile_start(const struct options *options, const struct script *script,
                              const uint16_t *ports);
void hostile_stop(struct hostile *hostile);
/* One for each kind, so far. All 0 of none (NULL). */
void hostile_loads(const struct hostile *hostile, struct load loads[KIND_COUNT]);
extern const char *const hostile_names[KIND_COUNT];

/* ---- sinks ---- */

struct sinks {
    pid_t pids[KIND_COUNT];
    uint16_t ports[KIND_COUNT];
};

void sinks_start(struct sinks *sinks, const struct script *script);
void sinks_stop(struct sinks *sinks);

/* ---- what pced says ---- */

enum stall_reason { STALL_SEND_HOLD, STALL_PENDING_HARD, STALL_PENDING_TOTAL, STALL_REASONS };

/* Of all peers that were closed as stalled. */
struct stalls {
    uint64_t by_reason[STALL_REASONS];
    uint64_t dropped_octets, pending_octets;
    uint64_t stalled_min_s, stalled_max_s; /* of those that the send hold closed */
};

/* A thread of the main process reads the log, and notes in `hostile` who was closed. */
struct stall_log {
    struct server *server;
    _Atomic(struct hostile *) hostile; /* NULL: not yet there */
    pthread_t thread;
    _Atomic bool is_over;
    struct stalls totals; /* read when the thread has ended */
    unsigned lines_shown;
};

void stall_log_start(struct stall_log *log);
void stall_log_stop(struct stall_log *log);

/* ---- the report ---- */

struct memory {
    uint64_t empty_kib; /* before the first peer */
    uint64_t before_kib, most_kib, stalled_kib, released_kib, after_kib;
    uint64_t kernel_before_kib, kernel_most_kib, kernel_after_kib;
    uint32_t shards;
};

/* All that was seen. */
struct outcome {
    FILE *trace;
    const struct options *options;
    struct healthy *healthy;
    struct hostile *hostile;
    struct stalls log;
    struct memory memory;
    struct load loads[PHASE_COUNT][KIND_COUNT];
    uint64_t phase_ms[PHASE_COUNT], phase_cpu_ms[PHASE_COUNT]; /* how long, and pced's part of it */
    bool is_up;
    int exit_code; /* of pced */
};

/* Prints it, and writes options->json. False: a bound does not hold. */
bool outcome_report(struct outcome *outcome);
/* MiB that the configured limits allow in all. */
double outcome_limit_mib(const struct outcome *outcome);
/* The whole outcome as JSON. */
void outcome_write_json(struct outcome *outcome, bool is_good);

#endif
