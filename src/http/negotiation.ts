/** Which form of the metrics a request asks for (RFC 9110 §12.5.1). */
import type { ExpositionFormat } from '../telemetry/exposition.ts';
import { Refusal } from './answer.ts';

export type MetricsForm = 'json' | ExpositionFormat;

/** In order of preference where qualities tie. */
const forms: readonly (readonly [MetricsForm, type: string])[] = [
  ['json', 'application/json'],
  ['text', 'text/plain'],
  ['openmetrics', 'application/openmetrics-text'],
];
const named: Readonly<Record<string, MetricsForm>> = {
  json: 'json',
  prometheus: 'text',
  openmetrics: 'openmetrics',
};

/** `?format=` decides where it is given, else `Accept`; JSON where that asks for none of ours. */
export function metricsForm(query: URLSearchParams, accept: string | null): MetricsForm {
  const format = query.get('format');
  if (format !== null) {
    const form = Object.hasOwn(named, format) ? named[format] : undefined;
    if (form) return form;
    throw new Refusal('invalid_params', 'Invalid params: format must be json, prometheus or openmetrics');
  }
  const ranges = parseAccept(accept ?? '*/*');
  const ranked = forms.map(([form, type]) => ({ form, quality: qualityOf(type, ranges) }));
  return ranked.reduce((best, next) => (next.quality > best.quality ? next : best)).form;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseAccept(header: string): Range[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
    const quality = q === undefined ? 1 : Number(q);
    return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}

/** The most specific range that covers the type decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const cover of [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']) {
    const fitting = ranges.filter((range) => range.type === cover);
    if (fitting.length > 0) return Math.max(...fitting.map(({ quality }) => quality));
  }
  return 0;
}
