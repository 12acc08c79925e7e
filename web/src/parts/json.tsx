// A value as JSON: in one line where it is short, else opened by a click.

const SHORT = 80;

export function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value) ?? "";
  if (text.length <= SHORT) return <code>{text}</code>;
  return (
    <details>
      <summary><code>{text.slice(0, SHORT - 1)}…</code></summary>
      <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
