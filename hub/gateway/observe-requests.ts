import { collectDefaultMetrics, Histogram, register } from 'prom-client';
import type { Observation } from '#hub/platform/http/build-server.ts';

let started = false;

/**
 * Counts requests and their time by method, route and status, in the process-wide registry that other parts
 * put their own figures in. The process's own figures come with the first call.
 */
export const observeRequests = (): ((seen: Observation) => void) => {
  if (!started) {
    started = true;
    collectDefaultMetrics();
  }
  const name = 'lienthong_http_request_seconds';
  const seconds =
    (register.getSingleMetric(name) as Histogram<'method' | 'route' | 'status'> | undefined) ??
    new Histogram({
      name,
      help: 'Time to answer HTTP requests, by route pattern',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    });
  return ({ method, route, status, ms }) =>
    seconds.observe({ method, route, status: String(status) }, ms / 1000);
};

/** Everything in Prometheus' text form. */
export const showMetrics = async (): Promise<{ text: string; contentType: string }> => ({
  text: await register.metrics(),
  contentType: register.contentType,
});
