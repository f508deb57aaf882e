/** Which page stands at which path. Pages are loaded when first shown. */
import {
  Activity,
  DoorOpen,
  Download,
  FolderClosed,
  History,
  LayoutGrid,
  type LucideIcon,
  Settings2,
  Zap,
} from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { matchPath } from '../client/router.tsx';

type PageComponent = ComponentType<Record<string, string>>;

export interface Route {
  pattern: string;
  /** Gets the path's parameters as props. */
  page: LazyExoticComponent<PageComponent>;
}

export interface Destination {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Key after `g`. */
  key: string;
  /** On phones it stands in the bottom bar; the others under 'More'. */
  inBottomBar?: boolean;
}

/** What the rail lists, in its order. */
export const DESTINATIONS: readonly Destination[] = [
  { path: '/live', label: 'Live', icon: LayoutGrid, key: 'l', inBottomBar: true },
  { path: '/archive', label: 'Archive', icon: History, key: 'a', inBottomBar: true },
  { path: '/events', label: 'Events', icon: Zap, key: 'e', inBottomBar: true },
  { path: '/access', label: 'Access', icon: DoorOpen, key: 'd', inBottomBar: true },
  { path: '/cases', label: 'Cases', icon: FolderClosed, key: 'c' },
  { path: '/exports', label: 'Exports', icon: Download, key: 'x' },
  { path: '/health', label: 'Health', icon: Activity, key: 'h' },
  { path: '/settings', label: 'Settings', icon: Settings2, key: 's' },
];

const modules = import.meta.glob<Record<string, unknown>>('../features/*/*Page.tsx');

const ROUTES: readonly Route[] = [
  route('/live', 'live/LivePage'),
  route('/cameras', 'cameras/CamerasPage'),
  route('/cameras/find', 'cameras/FindCamerasPage'),
  route('/cameras/new', 'cameras/AddCameraPage'),
  route('/cameras/:id', 'cameras/CameraPage'),
  route('/archive', 'archive/ArchivePage'),
  route('/events', 'events/EventsPage'),
  route('/events/:id', 'events/EventPage'),
  route('/access', 'access/AccessPage'),
  route('/cases', 'cases/CasesPage'),
  route('/cases/:id', 'cases/CasePage'),
  route('/exports', 'exports/ExportsPage'),
  route('/health', 'health/HealthPage'),
  route('/settings', 'settings/SettingsPage'),
  route('/setup', 'setup/SetupPage'),
].filter((one) => one !== null);

/** The page at a path with its parameters, or null where there is none. */
export function findRoute(path: string): { route: Route; parameters: Record<string, string> } | null {
  for (const one of ROUTES) {
    const parameters = matchPath(one.pattern, path);
    if (parameters) return { route: one, parameters };
  }
  return null;
}

/** `file` is `feature/NamePage`; the module exports a component of that name. */
function route(pattern: string, file: string): Route | null {
  const load = modules[`../features/${file}.tsx`];
  if (!load) return null;
  const name = file.split('/')[1]!;
  return {
    pattern,
    page: lazy(async () => {
      const page = (await load())[name];
      if (typeof page !== 'function') throw new Error(`${file} exports no component ${name}`);
      return { default: page as PageComponent };
    }),
  };
}
