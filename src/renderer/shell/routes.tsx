/** Which page stands at which path. Pages are loaded when first shown. */
import { t } from '@lingui/core/macro';
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
import type { Role } from '../../shared/accounts.ts';
import { matchPath } from '../client/router.tsx';
import { may, useSession } from '../features/session/session-store.ts';

type PageComponent = ComponentType<Record<string, string>>;

export interface Route {
  pattern: string;
  /** The least role that may see it. */
  role: Role;
  /** Gets the path's parameters as props. */
  page: LazyExoticComponent<PageComponent>;
}

export interface Destination {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Key after `g`. */
  key: string;
  /** The least role that may go there. */
  role: Role;
  /** On phones it stands in the bottom bar; the others under 'More'. */
  inBottomBar?: boolean;
}

/** What the rail lists, in its order. */
export const DESTINATIONS: readonly Destination[] = [
  { path: '/live', label: t`Live`, icon: LayoutGrid, key: 'l', role: 'viewer', inBottomBar: true },
  { path: '/archive', label: t`Archive`, icon: History, key: 'a', role: 'operator', inBottomBar: true },
  { path: '/events', label: t`Events`, icon: Zap, key: 'e', role: 'operator', inBottomBar: true },
  { path: '/access', label: t`Access`, icon: DoorOpen, key: 'd', role: 'operator', inBottomBar: true },
  { path: '/cases', label: t`Cases`, icon: FolderClosed, key: 'c', role: 'operator' },
  { path: '/exports', label: t`Exports`, icon: Download, key: 'x', role: 'operator' },
  { path: '/health', label: t`Health`, icon: Activity, key: 'h', role: 'operator' },
  { path: '/settings', label: t`Settings`, icon: Settings2, key: 's', role: 'administrator' },
];

/** What of it the account that is signed in may see. */
export function useDestinations(): readonly Destination[] {
  const view = useSession((state) => state.view);
  return DESTINATIONS.filter(({ role }) => may(role, view));
}

const modules = import.meta.glob<Record<string, unknown>>('../features/*/*Page.tsx');

const ROUTES: readonly Route[] = [
  route('viewer', '/live', 'live/LivePage'),
  route('administrator', '/cameras', 'cameras/CamerasPage'),
  route('administrator', '/cameras/find', 'cameras/FindCamerasPage'),
  route('administrator', '/cameras/new', 'cameras/AddCameraPage'),
  route('administrator', '/cameras/:id', 'cameras/CameraPage'),
  route('operator', '/archive', 'archive/ArchivePage'),
  route('operator', '/events', 'events/EventsPage'),
  route('operator', '/events/:id', 'events/EventPage'),
  route('operator', '/access', 'access/AccessPage'),
  route('operator', '/cases', 'cases/CasesPage'),
  route('operator', '/cases/:id', 'cases/CasePage'),
  route('operator', '/exports', 'exports/ExportsPage'),
  route('operator', '/health', 'health/HealthPage'),
  route('administrator', '/settings', 'settings/SettingsPage'),
  route('administrator', '/setup', 'setup/SetupPage'),
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
function route(role: Role, pattern: string, file: string): Route | null {
  const load = modules[`../features/${file}.tsx`];
  if (!load) return null;
  const name = file.split('/')[1]!;
  return {
    pattern,
    role,
    page: lazy(async () => {
      const page = (await load())[name];
      if (typeof page !== 'function') throw new Error(`${file} exports no component ${name}`);
      return { default: page as PageComponent };
    }),
  };
}
