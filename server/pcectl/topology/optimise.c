/* pcectl topology optimise: a preview of where a matrix of demands would go (core/plan). Nothing is sent. */
#include "core/plan/demands.h"
#include "io/os/failure.h"
#include "io/os/file.h"
#include "server/pcectl/api.h"
#include "server/pcectl/topology/source.h"
#include "server/pcectl/topology/topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define DEMANDS_SIZE_MAX ((size_t)64 << 20)
#define GAIN_DEFAULT     1 /* percent */

struct optimise_command {
    const char *topology, *demands;
    uint32_t segments;
    double gain; /* 0.01 is one percent */
    struct pcectl_arguments arguments;
};

/* False: not a number in the range. */
static bool optimise_number(const char *text, double min, double max, double *number)
{
    char *end;
    if (text == NULL)
        return true;
    errno = 0;
    double read = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !(read >= min && read <= max))
        return false;
    *number = read;
    return true;
}

static int optimise_parse(int argc, char **argv, struct optimise_command *command)
{
    const char *segments = NULL, *gain = NULL;
    double segment_count = PLAN_VIAS_MAX + 1, percent = GAIN_DEFAULT;
    const struct pcectl_option options[] = {{"--topology", &command->topology},
                                            {"--demands", &command->demands},
                                            {"--segments", &segments},
                                            {"--gain", &gain},
                                            {NULL, NULL}};
    if (!pcectl_parse(argc, argv, options, &command->arguments))
        return COMMAND_USAGE;
    if (command->arguments.count != 0 || command->demands == NULL ||
        !optimise_number(segments, 2, PLAN_VIAS_MAX + 1, &segment_count) ||
        !optimise_number(gain, 0, 50, &percent))
        return TOPOLOGY_MISUSED;
    command->segments = (uint32_t)segment_count;
    command->gain = percent / 100;
    return COMMAND_OK;
}

static int optimise_read_demands(const char *path, const struct ted_snapshot *snapshot,
                                 struct demand_list *demands)
{
    struct failure failure;
    struct ted_fault fault = {0};
    char *text;
    size_t size;
    enum pce_status status = file_read(path, DEMANDS_SIZE_MAX, &text, &size, &failure);
    if (status != PCE_OK) {
        (void)fprintf(stderr, "%s\n", failure.text);
        return COMMAND_USAGE;
    }
    status = demands_read(text, size, snapshot, demands, &fault);
    free(text);
    if (status == PCE_OK)
        return COMMAND_OK;
    source_explain(path, &fault);
    return status == PCE_NO_MEMORY ? COMMAND_FAILED : COMMAND_USAGE;
}

/* ---- what comes of it ---- */

static const char *optimise_name(const struct plan *plan, uint32_t node)
{
    return plan->snapshot->nodes[node].name;
}

static json_t *optimise_step_json(const struct plan *plan, const struct plan_step *step)
{
    const struct plan_demand *demand = &plan->demands[step->demand];
    json_t *vias = json_array();
    bool is_whole = vias != NULL;
    for (uint32_t i = 0; is_whole && i < step->route.count; i++)
        is_whole =
            json_array_append_new(vias, json_string(optimise_name(plan, step->route.vias[i]))) == 0;
    if (!is_whole) {
        json_decref(vias);
        return NULL;
    }
    return json_pack("{s:s,s:s,s:f,s:o,s:f,s:f}", "from", optimise_name(plan, demand->from), "to",
                     optimise_name(plan, demand->to), "bandwidth", demand->octets_per_s * 8, "via",
                     vias, "worst_during", step->worst_during, "worst_after", step->worst_after);
}

static int optimise_print_json(const struct plan *plan, double worst)
{
    json_t *steps = json_array();
    for (uint32_t i = 0; steps != NULL && i < plan->step_count; i++) {
        if (json_array_append_new(steps, optimise_step_json(plan, &plan->steps[i])) != 0) {
            json_decref(steps);
            steps = NULL;
        }
    }
    json_t *all =
        steps == NULL
            ? NULL
            : json_pack("{s:I,s:I,s:f,s:f,s:I,s:o}", "demands", (json_int_t)plan->demand_count,
                        "without_path", (json_int_t)plan->lost, "worst_before", plan->worst_first,
                        "worst_after", worst, "blocked", (json_int_t)plan->blocked, "steps", steps);
    if (all == NULL)
        return COMMAND_FAILED;
    pcectl_print_json(all);
    json_decref(all);
    return COMMAND_OK;
}

static void optimise_print_table(const struct plan *plan, double worst)
{
    printf("%u demands, %u without a path; most loaded link %.1f %% now, %.1f %% after %u steps\n",
           plan->demand_count, plan->lost, plan->worst_first * 100, worst * 100, plan->step_count);
    if (plan->blocked > 0)
        printf("%u moves are left out: no link would have room for them on the way\n",
               plan->blocked);
    if (plan->step_count > 0)
        printf("%5s %8s %8s %12s  %s\n", "STEP", "DURING", "AFTER", "MBIT/S", "DEMAND");
    for (uint32_t i = 0; i < plan->step_count; i++) {
        const struct plan_step *step = &plan->steps[i];
        const struct plan_demand *demand = &plan->demands[step->demand];
        printf("%5u %6.1f %% %6.1f %% %12.3f  %s -> %s", i + 1, step->worst_during * 100,
               step->worst_after * 100, demand->octets_per_s * 8 / 1e6,
               optimise_name(plan, demand->from), optimise_name(plan, demand->to));
        for (uint32_t v = 0; v < step->route.count; v++)
            printf("%s%s", v == 0 ? " via " : ", ", optimise_name(plan, step->route.vias[v]));
        (void)putchar('\n');
    }
}

static int optimise_refuse(enum pce_status status)
{
    const char *reason = "no memory";
    if (status == PCE_LIMIT)
        reason = "too many nodes, paths or demands for a plan";
    if (status == PCE_INVALID)
        reason = "links of IGP metric 0 are not understood here";
    (void)fprintf(stderr, "pcectl: %s\n", reason);
    return status == PCE_NO_MEMORY ? COMMAND_FAILED : COMMAND_USAGE;
}

static int optimise_plan(const struct optimise_command *command,
                         const struct ted_snapshot *snapshot, const struct demand_list *demands)
{
    struct plan plan;
    uint32_t link;
    enum pce_status status = plan_init(&plan, snapshot, demands->all, demands->count);
    if (status != PCE_OK)
        return optimise_refuse(status);
    plan_optimise(&plan, command->segments, command->gain / 2);
    status = plan_schedule(&plan, command->gain);
    int code = COMMAND_OK;
    if (status != PCE_OK)
        code = optimise_refuse(status);
    else if (command->arguments.is_json)
        code = optimise_print_json(&plan, plan_worst(&plan, &link));
    else
        optimise_print_table(&plan, plan_worst(&plan, &link));
    plan_fini(&plan);
    return code;
}

int topology_optimise_run(int argc, char **argv)
{
    struct optimise_command command = {.topology = NULL};
    struct demand_list demands;
    int code = optimise_parse(argc, argv, &command);
    if (code != COMMAND_OK)
        return code;
    struct ted_snapshot *snapshot = source_read(command.topology, &command.arguments.target, &code);
    if (snapshot == NULL)
        return code;
    code = optimise_read_demands(command.demands, snapshot, &demands);
    if (code == COMMAND_OK) {
        code = optimise_plan(&command, snapshot, &demands);
        free(demands.all);
    }
    ted_snapshot_destroy(snapshot);
    return code;
}
