// What went wrong, said where it is read out.

export function Problem({ error }: { error: Error | undefined }) {
  return error === undefined ? null : <p class="problem" role="alert">{error.message}</p>;
}
