// The signs of the pages, drawn with one pen.

const PATHS = {
  home: "M3 11l9-8 9 8M5 9.5V20h5v-6h4v6h5V9.5",
  instances: "M4 6h16M4 12h16M4 18h10",
  tasks: "M4 12.5l5 5L20 6.5",
  designer: "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
  decisions: "M4 5h16v14H4zM4 10h16M10 5v14",
  forms: "M6 3h8l4 4v14H6zM9 12h6M9 16h6M14 3v4h4",
  metrics: "M5 20v-7M12 20V5M19 20v-11",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  api: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  search: "M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l5 5",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
