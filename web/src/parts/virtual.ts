// Which rows of a long list are in view; the others are only room.

import { useEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

const AROUND = 12;

export interface Window {
  first: number;
  /** Exclusive. */
  last: number;
}

export function windowOf(scrolled: number, height: number, rowHeight: number, count: number): Window {
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - AROUND);
  const last = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + AROUND);
  return { first: Math.min(first, last), last };
}

export function useWindow(box: RefObject<HTMLElement>, rowHeight: number, count: number): Window {
  const [place, setPlace] = useState({ scrolled: 0, height: 800 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => setPlace({ scrolled: element.scrollTop, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box.current]);
  return windowOf(place.scrolled, place.height, rowHeight, count);
}
