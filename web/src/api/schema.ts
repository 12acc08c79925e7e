// Written by docs/generate.py from the tables of routes; not to be edited.

export type Act = { "at": string; "actor": string; "operation": string; "processInstance": string | null; "processId": string | null; "detail": string };

export type Activation = { "type"?: string | null; "types"?: Array<string> | null; "max"?: number; "lease"?: string; "worker"?: string; "wait"?: number; "variables"?: Array<string> | null };

export type AllMetrics = { "items": Array<VersionMetrics> };

export type Assignment = { "user": string | null };

export type Bar = { "lower": number; "upper": number; "number": number };

export type Batch = { "id": string; "operation": "cancel" | "migrate" | "modify" | "restart" | "resume" | "retry" | "suspend"; "state": "completed" | "running" | "stopped"; "total": number; "done": number; "rejected": number; "createdBy": string; "createdAt": string; "endedAt": string | null };

export type Begins = { "started": Array<Begun> };

export type Begun = { "processInstance": string; "processId": string };

export type BusinessError = { "code": string; "message"?: string; "variables"?: Record<string, unknown> };

export type Claim = { "user": string };

export type Completion = { "variables"?: Record<string, unknown>; "corrections"?: Corrections | null; "denied"?: string | null };

export type Configuration = { "items": Array<Setting> };

export type Corrections = { "assignee"?: string | null; "candidateUsers"?: Array<string> | null; "candidateGroups"?: Array<string> | null; "dueAt"?: string | null; "followUpAt"?: string | null; "priority"?: number | null };

export type Correlated = { "processInstance": string; "element": string };

export type Correlation = { "correlated": Array<Correlated>; "buffered": boolean };

export type Decision = { "id": string; "name": string; "key": string; "version": string; "versions": number; "deployedAt": string };

export type DecisionAsks = { "id": string; "name": string; "inputs": Array<string> };

export type DecisionCheck = { "content": string; "decision"?: string | null; "variables"?: Record<string, unknown> };

export type DecisionChecked = { "decisions": Array<DecisionAsks>; "result": DecisionResult | null; "findings": Array<Finding> };

export type DecisionEvaluation = { "variables"?: Record<string, unknown>; "version"?: string | null; "service"?: boolean };

export type DecisionResult = { "value": unknown; "decisions": Record<string, unknown>; "matched": Array<Matched>; "warnings": Array<DecisionWarning> };

export type DecisionWarning = { "code": string; "message": string };

export type Definition = { "key": string; "kind": string; "id": string; "name": string; "version": string; "active": boolean; "deployment": string; "deployedBy": string; "deployedAt": string; "notes": string };

export type DeployedDefinition = { "key": string; "kind": string; "id": string; "name": string; "version": string };

export type Deployment = { "id": string; "definitions": Array<DeployedDefinition>; "findings": Array<Finding> };

export type DeploymentParts = { "file": Array<string>; "version"?: string | null; "notes"?: string; "dryRun"?: boolean };

export type Draft = { "id": string; "kind": "decision" | "form" | "process"; "name": string; "revision": number; "createdBy": string; "createdAt": string; "updatedBy": string; "updatedAt": string; "lockedBy": string | null; "lockedUntil": string | null };

export type DraftChange = { "name": string; "content": string; "revision": number; "holder"?: string | null };

export type DraftWithContent = { "id": string; "kind": "decision" | "form" | "process"; "name": string; "revision": number; "createdBy": string; "createdAt": string; "updatedBy": string; "updatedAt": string; "lockedBy": string | null; "lockedUntil": string | null; "content": string };

export type ElementActivation = { "element": string; "scope"?: number | null; "variables"?: Record<string, unknown> };

export type ElementMetrics = { "element": string; "incidents": number; "timing": Timing };

export type ElementTermination = { "element"?: string | null; "elementInstance"?: number | null };

export type ErrorBody = { "status": number; "statusReason": string; "message": string; "toe": string; "findings"?: Array<Finding> | null; "place"?: TextPlace | null; "fields"?: Array<FieldProblem> | null };

export type Evaluated = { "value": unknown; "type": string; "warnings": Array<Warned> };

export type Evaluation = { "expression": string; "context"?: Record<string, unknown>; "unary"?: boolean; "input"?: unknown };

export type Extended = { "key": string; "until": string };

export type Extension = { "lease": string; "worker"?: string | null };

export type Failure = { "message": string; "retries"?: number | null; "backoff"?: string | null; "detail"?: string | null; "attempt"?: number | null };

export type FieldProblem = { "path": string; "message": string };

export type Filter = { "processId"?: string | null; "version"?: string | null; "state"?: Array<"active" | "cancelled" | "completed" | "suspended">; "incidents"?: boolean | null; "incidentElement"?: string | null; "incidentMessage"?: string | null; "businessKey"?: string | null; "id"?: string | null; "ids"?: Array<string>; "parentId"?: string | null; "variable"?: Array<string>; "startedFrom"?: string | null; "startedUntil"?: string | null };

export type Finding = { "code": string; "severity": "error" | "info" | "warning"; "element": string | null; "line": number | null; "message": string; "remedy": string; "file"?: string };

export type FlowMetrics = { "flow": string; "number": number };

export type Form = { "id": string; "name": string; "key": string; "version": string; "versions": number; "deployedAt": string };

export type FormCheck = { "schema": Record<string, unknown>; "entered"?: Record<string, unknown>; "variables"?: Record<string, unknown> };

export type FormChecked = { "values": Record<string, unknown>; "fields": Array<FieldProblem>; "findings": Array<Finding> };

export type FormSchema = { "id": string; "key": string; "version": string; "schema": Record<string, unknown> };

export type Function = { "name": string; "doc": string | null; "parameters": Array<Parameter>; "takesAll": boolean; "returns": string | null; "timeout": number | null; "file": string; "line": number };

export type Functions = { "items": Array<Function> };

export type HistoryEvent = { "seq": number; "at": string; "event": string; "element": string | null; "elementInstance": number | null; "scope": number | null; "actor": string; "data"?: Record<string, unknown> };

export type Incident = { "key": string; "type": string; "message": string; "detail": string | null; "element": string; "elementInstance": number; "processInstance": string; "at": string };

export type Job = { "key": string; "type": string; "element": string; "processInstance": string; "variables": Record<string, unknown>; "headers": Record<string, unknown>; "retries": number; "idempotencyKey": string; "attempt": number; "businessKey": string | null; "timeout": string | null; "traceparent": string | null; "kind": "execution_listener" | "task" | "task_listener"; "listener": "beforeAll" | "end" | "start" | "assigning" | "completing" | "creating" | "updating" | null; "userTask": ListenedTask | null };

export type LeasedJob = { "key": string; "type": string; "element": string; "processInstance": string; "until": string };

export type ListenedTask = { "id": string; "assignee": string | null; "candidateUsers": Array<string>; "candidateGroups": Array<string>; "dueAt": string | null; "followUpAt": string | null; "priority": number; "changes": Array<string> };

export type Lock = { "holder": string; "name": string; "take"?: boolean };

export type Matched = { "table": string; "rules": Array<string | number>; "inputs": Record<string, unknown>; "outputs": Array<unknown> };

export type Message = { "name": string; "correlationKey"?: string | number; "processInstance"?: string | null; "variables"?: Record<string, unknown>; "ttl"?: string | null; "id"?: string | null; "businessKey"?: string | null };

export type Migrated = { "id": string; "definitionKey": string; "processId": string; "version": string; "businessKey": string | null; "state": "active" | "cancelled" | "completed" | "suspended"; "incidents": number; "parentId": string | null; "startedAt": string; "endedAt": string | null; "variables": Record<string, unknown>; "findings": Array<Finding> };

export type Migration = { "definitionKey": string; "mapping"?: Record<string, unknown>; "dryRun"?: boolean };

export type Modification = { "activate"?: Array<ElementActivation>; "terminate"?: Array<ElementTermination> };

export type Move = { "advance"?: string | null; "to"?: string | null };

export type NewBatch = { "operation": "cancel" | "migrate" | "modify" | "restart" | "resume" | "retry" | "suspend"; "filter": Filter; "retries"?: number | null; "variables"?: Record<string, unknown>; "activate"?: Array<ElementActivation>; "terminate"?: Array<ElementTermination>; "element"?: string | null; "definitionKey"?: string | null; "mapping"?: Record<string, unknown> };

export type NewDraft = { "name": string; "content": string; "kind"?: "decision" | "form" | "process" };

export type Node = { "id": string; "name": string; "version": string; "startedAt": string; "seenAt": string; "gone": boolean; "this": boolean };

export type Now = { "now": string };

export type Observation = { "variables"?: Record<string, unknown>; "processId"?: string | null; "businessKey"?: string | null };

export type OneDefinition = { "key": string; "kind": string; "id": string; "name": string; "version": string; "active": boolean; "deployment": string; "deployedBy": string; "deployedAt": string; "notes": string; "startForm": string | null };

export type Page_Act_ = { "items": Array<Act>; "cursor": string | null };

export type Page_Batch_ = { "items": Array<Batch>; "cursor": string | null };

export type Page_Decision_ = { "items": Array<Decision>; "cursor": string | null };

export type Page_Definition_ = { "items": Array<Definition>; "cursor": string | null };

export type Page_Draft_ = { "items": Array<Draft>; "cursor": string | null };

export type Page_Form_ = { "items": Array<Form>; "cursor": string | null };

export type Page_HistoryEvent_ = { "items": Array<HistoryEvent>; "cursor": string | null };

export type Page_Incident_ = { "items": Array<Incident>; "cursor": string | null };

export type Page_Job_ = { "items": Array<Job>; "cursor": string | null };

export type Page_PartialStart_ = { "items": Array<PartialStart>; "cursor": string | null };

export type Page_ProcessInstance_ = { "items": Array<ProcessInstance>; "cursor": string | null };

export type Page_Process_ = { "items": Array<Process>; "cursor": string | null };

export type Page_Result_ = { "items": Array<Result>; "cursor": string | null };

export type Page_Task_ = { "items": Array<Task>; "cursor": string | null };

export type Parameter = { "name": string; "type": string | null; "required": boolean; "default": string | null };

export type PartialStart = { "id": string; "processId": string; "element": string; "correlationKey": string | null; "businessKey": string | null; "triggers": Array<StartTrigger>; "variables": Record<string, unknown>; "since": string; "expiresAt": string | null };

export type Point = { "at": string; "started": number; "completed": number; "incidents": number; "median": number | null; "p95": number | null };

export type Preview = { "total": number; "tried": number; "refusals": Array<Refusal> };

export type Process = { "id": string; "name": string; "version": string; "active": number; "incident": number; "completed": number; "cancelled": number };

export type ProcessInstance = { "id": string; "definitionKey": string; "processId": string; "version": string; "businessKey": string | null; "state": "active" | "cancelled" | "completed" | "suspended"; "incidents": number; "parentId": string | null; "startedAt": string; "endedAt": string | null; "variables": Record<string, unknown> };

export type ProcessMetrics = { "total": VersionMetrics; "versions": Array<VersionMetrics>; "course": Array<Point>; "distribution": Array<Bar>; "elements": Array<ElementMetrics>; "flows": Array<FlowMetrics> };

export type Reception = { "received": number };

export type Refusal = { "processInstance": string; "message": string };

export type Removed = { "id": string };

export type Resolution = { "variables"?: Record<string, unknown>; "retries"?: number | null };

export type Restart = { "element"?: string | null; "variables"?: Record<string, unknown> };

export type Result = { "processInstance": string; "outcome": "done" | "rejected"; "message": string | null; "started": string | null; "at": string };

export type Return = { "worker": string };

export type Setting = { "name": string; "value": unknown; "origin": string };

export type Signal = { "name": string; "variables"?: Record<string, unknown>; "processInstance"?: string | null };

export type Start = { "processId"?: string | null; "definitionKey"?: string | null; "version"?: string | null; "startElement"?: string | null; "businessKey"?: string | null; "variables"?: Record<string, unknown>; "wait"?: number };

export type StartTrigger = { "kind": string; "name": string; "came": boolean };

export type Task = { "id": string; "name": string; "element": string; "processInstance": string; "state": "cancelled" | "completed" | "creating" | "open"; "assignee": string | null; "candidateUsers": Array<string>; "candidateGroups": Array<string>; "createdAt": string; "dueAt": string | null; "followUpAt": string | null; "priority": number; "form": string | null; "changing": "assigning" | "completing" | "creating" | "updating" | null; "variables": Record<string, unknown> | null };

export type TaskDraft = { "revision": number; "variables": Record<string, unknown>; "savedBy": string | null; "savedAt": string | null };

export type TaskEntry = { "variables": Record<string, unknown>; "revision": number; "user"?: string | null };

export type TextPlace = { "position": number; "line": number; "column": number };

export type Timer = { "element": string; "elementInstance": number; "processInstance": string; "due": string };

export type Timers = { "items": Array<Timer> };

export type Timing = { "number": number; "mean": number | null; "median": number | null; "p95": number | null; "total": number };

export type Trial = { "variables"?: Record<string, unknown> };

export type TrialAct = { "act": "advance" | "begin" | "call" | "elapse" | "error" | "fail" | "job" | "message" | "retry" | "set" | "signal" | "task"; "at"?: string; "variables"?: Record<string, unknown>; "code"?: string; "message"?: string; "duration"?: string };

export type TrialEvent = { "turn": number; "event": string; "element": string | null };

export type TrialLine = { "turn": number; "text": string };

export type TrialOf = { "content": string; "processId"?: string | null; "startElement"?: string | null; "variables"?: Record<string, unknown>; "now"?: string | null; "acts"?: Array<TrialAct> };

export type TrialState = { "processId": string; "state": string; "now": string; "variables": Record<string, unknown>; "waiting": Array<TrialWait>; "events": Array<TrialEvent>; "lines": Array<TrialLine> };

export type TrialWait = { "kind": string; "label": string; "element": string; "on": string | null; "due": string | null; "message": string | null };

export type Tried = { "outcome": "done" | "error" | "failed"; "variables": Record<string, unknown>; "code"?: string | null; "message"?: string | null; "detail"?: string | null };

export type Trigger = { "element"?: string | null; "elementInstance"?: number | null; "variables"?: Record<string, unknown> };

export type Unlock = { "holder": string };

export type Update = { "candidateUsers"?: Array<string> | null; "candidateGroups"?: Array<string> | null; "dueAt"?: string | null; "followUpAt"?: string | null; "priority"?: number | null };

export type Validation = { "executable": boolean; "findings": Array<Finding> };

export type ValidationParts = { "file": string };

export type VariablesToSet = { "variables": Record<string, unknown>; "scope"?: number };

export type VersionMetrics = { "processId": string; "version": string | null; "started": number; "active": number; "incident": number; "completed": number; "cancelled": number; "cycle": Timing };

export type Wait = { "element": string; "elementInstance": number; "kind": "ad_hoc" | "call" | "condition" | "event_gateway" | "incident" | "job" | "message" | "signal" | "timer" | "user_task"; "name"?: string | null; "due"?: string | null; "key"?: string | null; "correlationKey"?: string | null; "listener"?: "beforeAll" | "end" | "start" | "assigning" | "completing" | "creating" | "updating" | null; "activities"?: Array<string> };

export type Warned = { "code": string; "message": string; "position": number };

export type WithVariables = { "variables"?: Record<string, unknown> };

export type Worker = { "name": string; "types": Array<string>; "seenAt": string | null; "jobs": Array<LeasedJob> };

export interface Operations {
  "POST /api/v1/deployments": { path: Record<never, never>; query: Record<never, never>; body: FormData; reply: Deployment };
  "POST /api/v1/validate": { path: Record<never, never>; query: Record<never, never>; body: FormData; reply: Validation };
  "GET /api/v1/processes": { path: Record<never, never>; query: { "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Process_ };
  "GET /api/v1/definitions": { path: Record<never, never>; query: { "kind"?: string; "id"?: string; "version"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Definition_ };
  "GET /api/v1/definitions/{key}": { path: { "key": string }; query: Record<never, never>; body: undefined; reply: OneDefinition };
  "GET /api/v1/definitions/{key}/xml": { path: { "key": string }; query: Record<never, never>; body: undefined; reply: string };
  "GET /api/v1/definitions/{key}/start-form": { path: { "key": string }; query: { "startElement"?: string }; body: undefined; reply: FormSchema };
  "POST /api/v1/definitions/{key}/activate": { path: { "key": string }; query: Record<never, never>; body: undefined; reply: Definition };
  "POST /api/v1/definitions/{key}/deactivate": { path: { "key": string }; query: Record<never, never>; body: undefined; reply: Definition };
  "GET /api/v1/decisions": { path: Record<never, never>; query: { "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Decision_ };
  "POST /api/v1/decisions/{decision}/evaluate": { path: { "decision": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: DecisionEvaluation; reply: DecisionResult };
  "POST /api/v1/decision-checks": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: DecisionCheck; reply: DecisionChecked };
  "GET /api/v1/forms": { path: Record<never, never>; query: { "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Form_ };
  "GET /api/v1/forms/{form}": { path: { "form": string }; query: { "version"?: string }; body: undefined; reply: FormSchema };
  "POST /api/v1/form-checks": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: FormCheck; reply: FormChecked };
  "POST /api/v1/feel/evaluate": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Evaluation; reply: Evaluated };
  "GET /api/v1/drafts": { path: Record<never, never>; query: { "kind"?: "decision" | "form" | "process"; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Draft_ };
  "POST /api/v1/drafts": { path: Record<never, never>; query: Record<never, never>; body: NewDraft; reply: Draft };
  "GET /api/v1/drafts/{draft}": { path: { "draft": string }; query: Record<never, never>; body: undefined; reply: DraftWithContent };
  "PUT /api/v1/drafts/{draft}": { path: { "draft": string }; query: Record<never, never>; body: DraftChange; reply: Draft };
  "DELETE /api/v1/drafts/{draft}": { path: { "draft": string }; query: { "holder"?: string }; body: undefined; reply: Removed };
  "POST /api/v1/drafts/{draft}/lock": { path: { "draft": string }; query: Record<never, never>; body: Lock; reply: Draft };
  "POST /api/v1/drafts/{draft}/unlock": { path: { "draft": string }; query: Record<never, never>; body: Unlock; reply: Draft };
  "GET /api/v1/element-templates": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Array<Record<string, unknown>> };
  "POST /api/v1/trials": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: TrialOf; reply: TrialState };
  "POST /api/v1/process-instances": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Start; reply: ProcessInstance };
  "GET /api/v1/process-instances": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string"; "processId"?: string; "version"?: string; "state"?: Array<"active" | "cancelled" | "completed" | "suspended">; "incidents"?: boolean; "incidentElement"?: string; "incidentMessage"?: string; "businessKey"?: string; "id"?: string; "parentId"?: string; "variable"?: Array<string>; "startedFrom"?: string; "startedUntil"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_ProcessInstance_ };
  "GET /api/v1/process-instances/{instance}": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: ProcessInstance };
  "GET /api/v1/process-instances/{instance}/history": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string"; "limit"?: number; "cursor"?: string; "after"?: number }; body: undefined; reply: Page_HistoryEvent_ };
  "GET /api/v1/process-instances/{instance}/waiting": { path: { "instance": string }; query: Record<never, never>; body: undefined; reply: Array<Wait> };
  "PUT /api/v1/process-instances/{instance}/variables": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: VariablesToSet; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/cancel": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/trigger": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Trigger; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/suspend": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/resume": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/modify": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Modification; reply: ProcessInstance };
  "POST /api/v1/process-instances/{instance}/migrate": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Migration; reply: Migrated };
  "POST /api/v1/process-instances/{instance}/restart": { path: { "instance": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Restart; reply: ProcessInstance };
  "POST /api/v1/messages": { path: Record<never, never>; query: Record<never, never>; body: Message; reply: Correlation };
  "POST /api/v1/signals": { path: Record<never, never>; query: Record<never, never>; body: Signal; reply: Reception };
  "POST /api/v1/conditions": { path: Record<never, never>; query: Record<never, never>; body: Observation; reply: Begins };
  "GET /api/v1/tasks": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string"; "state"?: "cancelled" | "completed" | "creating" | "open"; "processInstance"?: string; "element"?: string; "name"?: string; "assignee"?: string; "candidateUser"?: string; "candidateGroup"?: Array<string>; "assigned"?: boolean; "dueBefore"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Task_ };
  "GET /api/v1/tasks/{task}": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: Task };
  "GET /api/v1/tasks/{task}/form": { path: { "task": string }; query: Record<never, never>; body: undefined; reply: FormSchema };
  "GET /api/v1/tasks/{task}/draft": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: TaskDraft };
  "PUT /api/v1/tasks/{task}/draft": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: TaskEntry; reply: TaskDraft };
  "DELETE /api/v1/tasks/{task}/draft": { path: { "task": string }; query: { "revision": number }; body: undefined; reply: TaskDraft };
  "POST /api/v1/tasks/{task}/claim": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Claim; reply: Task };
  "POST /api/v1/tasks/{task}/assign": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Assignment; reply: Task };
  "POST /api/v1/tasks/{task}/update": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Update; reply: Task };
  "POST /api/v1/tasks/{task}/complete": { path: { "task": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: WithVariables; reply: Task };
  "POST /api/v1/jobs/activate": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Activation; reply: Page_Job_ };
  "POST /api/v1/jobs/{job}/complete": { path: { "job": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Completion; reply: ProcessInstance };
  "POST /api/v1/jobs/{job}/fail": { path: { "job": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Failure; reply: ProcessInstance };
  "POST /api/v1/jobs/{job}/error": { path: { "job": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: BusinessError; reply: ProcessInstance };
  "POST /api/v1/jobs/{job}/extend": { path: { "job": string }; query: Record<never, never>; body: Extension; reply: Extended };
  "POST /api/v1/jobs/{job}/return": { path: { "job": string }; query: Record<never, never>; body: Return; reply: Extended };
  "GET /api/v1/incidents": { path: Record<never, never>; query: { "processInstance"?: string; "type"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Incident_ };
  "GET /api/v1/incidents/{incident}": { path: { "incident": string }; query: Record<never, never>; body: undefined; reply: Incident };
  "POST /api/v1/incidents/{incident}/resolve": { path: { "incident": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Resolution; reply: ProcessInstance };
  "POST /api/v1/batches": { path: Record<never, never>; query: Record<never, never>; body: NewBatch; reply: Batch };
  "GET /api/v1/batches": { path: Record<never, never>; query: { "state"?: "completed" | "running" | "stopped"; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Batch_ };
  "POST /api/v1/batches/preview": { path: Record<never, never>; query: Record<never, never>; body: NewBatch; reply: Preview };
  "GET /api/v1/batches/{batch}/results": { path: { "batch": string }; query: { "outcome"?: "done" | "rejected"; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Result_ };
  "GET /api/v1/batches/{batch}": { path: { "batch": string }; query: Record<never, never>; body: undefined; reply: Batch };
  "POST /api/v1/batches/{batch}/stop": { path: { "batch": string }; query: Record<never, never>; body: undefined; reply: Batch };
  "GET /api/v1/partial-starts": { path: Record<never, never>; query: { "typed"?: boolean; "numbers"?: "number" | "string"; "processId"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_PartialStart_ };
  "DELETE /api/v1/partial-starts/{partial}": { path: { "partial": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: undefined; reply: PartialStart };
  "GET /api/v1/events": { path: Record<never, never>; query: { "instance"?: Array<string>; "seconds"?: number }; body: undefined; reply: string };
  "GET /api/v1/processes/metrics": { path: Record<never, never>; query: { "startedFrom"?: string; "startedUntil"?: string }; body: undefined; reply: AllMetrics };
  "GET /api/v1/processes/{process}/metrics": { path: { "process": string }; query: { "startedFrom"?: string; "startedUntil"?: string; "version"?: string; "unit"?: "day" | "hour" }; body: undefined; reply: ProcessMetrics };
  "GET /api/v1/timers": { path: Record<never, never>; query: { "dueUntil"?: string; "limit"?: number }; body: undefined; reply: Timers };
  "GET /api/v1/acts": { path: Record<never, never>; query: { "actor"?: string; "operation"?: string; "processInstance"?: string; "atFrom"?: string; "atUntil"?: string; "limit"?: number; "cursor"?: string }; body: undefined; reply: Page_Act_ };
  "GET /api/v1/functions": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Functions };
  "POST /api/v1/functions/{function}/try": { path: { "function": string }; query: { "typed"?: boolean; "numbers"?: "number" | "string" }; body: Trial; reply: Tried };
  "GET /api/v1/configuration": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Configuration };
  "GET /api/v1/workers": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Array<Worker> };
  "GET /api/v1/nodes": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Array<Node> };
  "GET /api/v1/clock": { path: Record<never, never>; query: Record<never, never>; body: undefined; reply: Now };
  "POST /api/v1/clock": { path: Record<never, never>; query: Record<never, never>; body: Move; reply: Now };
}
