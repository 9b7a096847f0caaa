/* The pced under test: its configuration, its log, its memory, its end. */
#include "bench/storm/storm.h"

#include "core/base/number.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_WAIT_MS 30000

static void die(const char *what)
{
    (void)fprintf(stderr, "storm: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_configuration(const char *path, const struct options *options)
{
    /* A send hold that is not longer than the dead timer draws a warning for each session. */
    uint32_t dead_timer_s = options->send_hold_s - 1 < 255 ? options->send_hold_s - 1 : 120;
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die(path);
    /* Those that never come UP are to be held, not turned away. */
    uint32_t all = (1 + KIND_COUNT) * options->count + 1000;
    (void)fprintf(file,
                  "listen: {addresses: [127.0.0.1], port: %u}\n"
                  "topology: {file: \"%s\"}\n"
                  "session: {send-hold: %u, send-hold-sample: %u, send-hold-grace: %u, "
                  "open-wait: %u, keepalive: %u, dead-timer: %u}\n"
                  "limits: {sessions: %u, half-open: %u, pending-total: %u, request-queue: %u}\n"
                  "server: {shards: %u}\n"
                  "control: {socket: \"\"}\n"
                  "log: {level: warning, rate: 1000000}\n",
                  options->port, options->topology, options->send_hold_s, options->sample_s,
                  options->grace_s, options->open_wait_s, (dead_timer_s + 3) / 4, dead_timer_s, all,
                  all, options->pending_total_mib, options->request_queue_kib, options->shards);
    if (fclose(file) != 0)
        die(path);
}

static void server_exec(const struct options *options, const char *configuration, int log)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(log, STDERR_FILENO);
    (void)execl(options->pced, options->pced, "--config", configuration, (char *)NULL);
    die(options->pced);
}

/* It is ready when its port answers. */
static bool server_is_listening(const struct options *options)
{
    const struct peer_socket socket = {.net = 1, .port = options->port};
    int fd = peer_connect(&socket);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (fd < 0)
        return false;
    /* pced speaks first: its Open. */
    bool is_there = poll(&wait, 1, 1000) == 1 && (wait.revents & (POLLERR | POLLHUP)) == 0;
    (void)close(fd);
    return is_there;
}

void server_start(struct server *server, const struct options *options)
{
    char path[128];
    int log[2];
    (void)snprintf(server->folder, sizeof server->folder, "/tmp/storm-XXXXXX");
    if (mkdtemp(server->folder) == NULL || pipe2(log, O_CLOEXEC) != 0)
        die("a folder and a pipe");
    (void)snprintf(path, sizeof path, "%s/pced.yaml", server->folder);
    write_configuration(path, options);
    server->line_size = 0;
    server->pid = fork();
    if (server->pid < 0)
        die("fork");
    if (server->pid == 0)
        server_exec(options, path, log[1]);
    (void)close(log[1]);
    (void)fcntl(log[0], F_SETFL, O_NONBLOCK);
    server->log = log[0];
    for (unsigned turn = 0; !server_is_listening(options); turn++) {
        int status;
        if (turn >= START_WAIT_MS / 50 || waitpid(server->pid, &status, WNOHANG) != 0) {
            char text[4096] = "";
            (void)!read(server->log, text, sizeof text - 1);
            (void)fprintf(stderr, "storm: pced did not start:\n%s", text);
            exit(1);
        }
        (void)usleep(50000); /* between two questions */
    }
}

bool server_read_log(struct server *server, void (*on_line)(void *context, const char *line),
                     void *context)
{
    for (;;) {
        ssize_t got = read(server->log, server->line + server->line_size,
                           sizeof server->line - 1 - server->line_size);
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        server->line_size += (size_t)got;
        server->line[server->line_size] = '\0';
        char *start = server->line, *end;
        while ((end = strchr(start, '\n')) != NULL) {
            *end = '\0';
            on_line(context, start);
            start = end + 1;
        }
        server->line_size -= (size_t)(start - server->line);
        memmove(server->line, start, server->line_size);
        if (server->line_size == sizeof server->line - 1)
            server->line_size = 0; /* no line of ours is so long */
    }
}

int server_stop(struct server *server)
{
    char path[128];
    int status = 0;
    (void)kill(server->pid, SIGTERM);
    (void)waitpid(server->pid, &status, 0);
    (void)close(server->log);
    (void)snprintf(path, sizeof path, "%s/pced.yaml", server->folder);
    (void)unlink(path);
    (void)rmdir(server->folder);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- what it takes ---- */

/* As a string; its length. */
static size_t read_file(const char *path, char *text, size_t room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t size = read(fd, text, room - 1);
    (void)close(fd);
    text[size > 0 ? size : 0] = '\0';
    return size > 0 ? (size_t)size : 0;
}

uint64_t number_behind(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    uint64_t number = 0;
    if (at == NULL)
        return 0;
    at += strlen(word);
    at += strspn(at, " \t");
    (void)number_take(&at, UINT64_MAX, &number);
    return number;
}

/* The number behind a word of a file of /proc; 0 when it is not there. */
static uint64_t find_number(const char *path, const char *word)
{
    char text[8192];
    if (read_file(path, text, sizeof text) == 0)
        return 0;
    return number_behind(text, word);
}

uint64_t server_rss_kib(const struct server *server)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)server->pid);
    return find_number(path, "VmRSS:");
}

uint32_t server_shards(const struct server *server)
{
    char path[64], name[32];
    uint32_t count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)server->pid);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        (void)snprintf(path, sizeof path, "/proc/%d/task/%.16s/comm", (int)server->pid,
                       entry->d_name);
        if (read_file(path, name, sizeof name) > 0 && strncmp(name, "pced-shard", 10) == 0)
            count++;
    }
    (void)closedir(folder);
    return count;
}

/* utime and stime are the 14th and 15th words; the second may hold blanks, in brackets. */
uint64_t server_cpu_ms(const struct server *server)
{
    char path[64], text[1024];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)server->pid);
    if (read_file(path, text, sizeof text) == 0)
        return 0;
    const char *at = strrchr(text, ')');
    for (unsigned word = 2; at != NULL && word < 14; word++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return 0;
    uint64_t user, system;
    at++;
    if (!number_take(&at, UINT64_MAX, &user) || *at++ != ' ' ||
        !number_take(&at, UINT64_MAX, &system))
        return 0;
    return (user + system) * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

uint64_t kernel_tcp_kib(void)
{
    /* In pages, of all namespaces. */
    return find_number("/proc/net/sockstat", " mem ") * (uint64_t)(sysconf(_SC_PAGESIZE) / 1024);
}
