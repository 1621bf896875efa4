/** What every webhook request carries beside its signature: CloudEvents in structured JSON. */
export const webhookHeaders = {
  'content-type': 'application/cloudevents+json; charset=utf-8',
  'user-agent': 'LienThong-Webhooks/1',
  'accept-encoding': 'identity',
} as const;
