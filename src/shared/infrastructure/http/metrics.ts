import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is measured. Others add theirs to `registry`. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new Histogram({
    name: 'quittance_http_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
    registers: [this.registry],
  });
  readonly underWay = new Gauge({
    name: 'quittance_http_requests_under_way',
    help: 'Calls being worked on, by lane.',
    labelNames: ['lane'] as const,
    registers: [this.registry],
  });
  readonly shed = new Counter({
    name: 'quittance_http_requests_shed_total',
    help: 'Calls refused because their lane was full, by lane.',
    labelNames: ['lane'] as const,
    registers: [this.registry],
  });
  private process = false;

  /** Prometheus' text format. What the process itself uses is measured from the first look on. */
  async text(): Promise<string> {
    if (!this.process) collectDefaultMetrics({ register: this.registry });
    this.process = true;
    return this.registry.metrics();
  }
}
