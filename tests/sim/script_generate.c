/* Random scripts, and how to cut one up. */
#include "tests/sim/messages.h"
#include "tests/sim/script.h"
#include "tests/sim/script_steps.h"

#include <string.h>

#define STEPS_AFTER_STOP 12

static const struct {
    uint8_t arguments;
    uint16_t weight;
} rows[SCRIPT_STEP_COUNT] = {
#define STEP(name, function, arguments, weight) [SCRIPT_STEP_##name] = {arguments, weight},
    SCRIPT_STEPS(STEP)
#undef STEP
};

static enum script_step draw_step(struct random *random)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < SCRIPT_STEP_COUNT; i++)
        sum += rows[i].weight;
    unsigned at = (unsigned)(random_u64(random) % sum);
    unsigned step = 0;
    while (at >= rows[step].weight)
        at -= rows[step++].weight;
    return (enum script_step)step;
}

/* Octets of the step's own text, by its arguments. */
static size_t text_size(enum script_step step, const uint8_t *arguments)
{
    if (step == SCRIPT_STEP_RAW)
        return (size_t)arguments[1] << 8 | arguments[2];
    return step == SCRIPT_STEP_BODY ? 4 * (size_t)arguments[2] : 0;
}

size_t script_step_size(const uint8_t *octets, size_t size)
{
    enum script_step step = (enum script_step)(octets[0] % SCRIPT_STEP_COUNT);
    size_t fixed = 1 + (size_t)rows[step].arguments;
    if (fixed > size)
        return size;
    size_t whole = fixed + text_size(step, octets + 1);
    return whole < size ? whole : size;
}

/* Few clients and addresses, so that steps meet each other; few changes of what is common. */
static void tame(enum script_step step, struct random *random, uint8_t *arguments)
{
    uint64_t r = random_u64(random);
    arguments[0] %= 12;
    switch (step) {
    case SCRIPT_STEP_CONNECT:
    case SCRIPT_STEP_UP:
        arguments[1] = (uint8_t)((arguments[1] & 0x87) % 136);
        if (step == SCRIPT_STEP_UP && r % 8 != 0)
            arguments[2] = (uint8_t)((arguments[2] & 0xfa) | 1); /* lively, on its own shard */
        break;
    case SCRIPT_STEP_SEED:
    case SCRIPT_STEP_SPLIT:
    case SCRIPT_STEP_BURST:
        if (r % 3 != 0) {
            arguments[1] = 0;
            arguments[2] = (uint8_t)(arguments[2] % MESSAGES_OWN);
        }
        if (r / 3 % 4 == 0 && step != SCRIPT_STEP_BURST)
            arguments[3] = arguments[4] = 0;
        break;
    case SCRIPT_STEP_RAW:
        arguments[1] = 0;
        arguments[2] %= 64;
        break;
    case SCRIPT_STEP_BODY:
        arguments[1] %= 14;
        arguments[2] %= 24;
        break;
    case SCRIPT_STEP_READ:
        if (r % 2 == 0)
            arguments[1] = 255;
        break;
    case SCRIPT_STEP_TIME:
        arguments[0] %= 32;
        break;
    case SCRIPT_STEP_LEAP:
        arguments[0] = (uint8_t)(r % 64 == 0 ? 8 : r % 8);
        break;
    case SCRIPT_STEP_CROWD:
        arguments[0] %= 4;
        arguments[1] = (uint8_t)(r % 3 == 0 ? 0 : r % 16 == 1 ? 255 : arguments[1] % 24);
        break;
    case SCRIPT_STEP_FILES:
    case SCRIPT_STEP_ORDER:
    case SCRIPT_STEP_AMOUNTS:
        if (r % 2 == 0)
            memset(arguments, 0, rows[step].arguments); /* as it was */
        if (r % 2 == 0 && step == SCRIPT_STEP_AMOUNTS)
            arguments[2] = 255;
        break;
    case SCRIPT_STEP_MEMORY:
        arguments[0] = 0;
        arguments[2] = (uint8_t)(1 + arguments[2] % 3);
        break;
    default:
        break;
    }
}

size_t script_generate_step(struct random *random, uint8_t *octets, size_t room)
{
    enum script_step step = draw_step(random);
    size_t fixed = 1 + (size_t)rows[step].arguments;
    if (fixed > room)
        return 0;
    octets[0] = (uint8_t)step;
    for (size_t i = 1; i < fixed; i++)
        octets[i] = (uint8_t)random_u64(random);
    if (fixed > 1)
        tame(step, random, octets + 1);
    size_t text = text_size(step, octets + 1);
    if (text > room - fixed)
        return 0;
    for (size_t i = 0; i < text; i++)
        octets[fixed + i] = (uint8_t)random_u64(random);
    return fixed + text;
}

/* Memory fails at the start of one world in 32. */
static size_t generate_head(struct random *random, uint8_t *octets)
{
    for (size_t i = 0; i < script_head_size(); i++)
        octets[i] = (uint8_t)random_u64(random);
    octets[7] = 0;
    octets[9] = random_u64(random) % 32 == 0 ? 1 : 0;
    return script_head_size();
}

/* A shutdown in the midst of things, with a few steps after it. */
static size_t generate_stop(struct random *random, uint8_t *octets, size_t room)
{
    size_t size = 0;
    if (room < 2)
        return 0;
    octets[size++] = SCRIPT_STEP_STOP;
    octets[size++] = (uint8_t)random_u64(random);
    for (unsigned i = 0; i < STEPS_AFTER_STOP; i++)
        size += script_generate_step(random, octets + size, room - size);
    return size;
}

size_t script_generate(uint64_t seed, unsigned steps, uint8_t *octets, size_t room)
{
    struct random random = {seed};
    if (room < script_head_size())
        return 0;
    size_t size = generate_head(&random, octets);
    for (unsigned i = 0; i < steps; i++) {
        size_t added = script_generate_step(&random, octets + size, room - size);
        if (added == 0)
            break;
        size += added;
    }
    if (random_u64(&random) % 2 == 0)
        size += generate_stop(&random, octets + size, room - size);
    return size;
}
