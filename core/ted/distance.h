/* Distance: how far two places are apart, and how long light in a fibre takes.
 *
 * Thread: any; pure. */
#ifndef PCED_CORE_TED_DISTANCE_H
#define PCED_CORE_TED_DISTANCE_H

#define TED_FIBRE_KM_PER_MS 200.0 /* two thirds of light in a vacuum */

/* On a great circle of a sphere of the Earth's mean radius; degrees, north and east positive. */
double ted_distance_km(double latitude_a, double longitude_a, double latitude_b,
                       double longitude_b);

#endif
