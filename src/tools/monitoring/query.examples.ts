/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'promql: rate(checkout_orders_total[5m])',
    params: { query: 'rate(checkout_orders_total[5m])' },
  },
  { request: 'query prometheus: sum(up) by (job)', params: { query: 'sum(up) by (job)' } },
  { request: 'what is avg(node_load1) right now?', params: { query: 'avg(node_load1)' } },
  { request: 'run the promql max(queue_depth)', params: { query: 'max(queue_depth)' } },
  {
    request: 'prometheus query: count(kube_pod_info) by (namespace)',
    params: { query: 'count(kube_pod_info) by (namespace)' },
  },
  {
    request: 'evaluate histogram_quantile(0.95, rate(latency_bucket[5m]))',
    params: { query: 'histogram_quantile(0.95, rate(latency_bucket[5m]))' },
  },
  { request: 'ask prometheus for `up == 0`', params: { query: 'up == 0' } },
  {
    request: 'show me sum(rate(http_errors_total[1m])) from prometheus',
    params: { query: 'sum(rate(http_errors_total[1m]))' },
  },
  {
    request: 'query: topk(3, container_memory_usage_bytes)',
    params: { query: 'topk(3, container_memory_usage_bytes)' },
  },
  { request: 'what does `sum(inflight_requests)` say', params: { query: 'sum(inflight_requests)' } },
  {
    request: "promtool query instant http://localhost:9090 'process_open_fds'",
    params: { query: 'process_open_fds' },
  },
  { request: 'metrics: node_filesystem_avail_bytes', params: { query: 'node_filesystem_avail_bytes' } },
];
