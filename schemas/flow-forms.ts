/** A member of a form: a parameter of an operation, or a first-level member of its body. */
export interface FlowField {
  name: string;
  required: boolean;
  /** `json`: an object, a list, or what has several types. */
  type: 'string' | 'number' | 'boolean' | 'json';
  description?: string;
  /** The only values that it takes. */
  options?: string[];
}

/** One operation of the hub's API that flows may ask for. */
export interface FlowOperation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters in braces (`/api/v1/staff/{id}`). */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  parameters: FlowField[];
  query: FlowField[];
  /** Absent: it takes none. No members: it is given as one. */
  body?: { members: FlowField[] };
}

/** A type of event, with its title for people. */
export interface FlowEventType {
  name: string;
  title: { vi: string; en: string };
}

/** An app that flows may call, without its settings. */
export interface FlowApp {
  id: string;
  name: string;
  connector: string;
  ports: { name: string; methods: string[] }[];
}
