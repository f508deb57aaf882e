/** Who may use the UI's API: the table that every route stands in. */
import { ROLES, type Role } from '../../src/shared/accounts.ts';

/** The least role that may use each route of the UI's API. A new route fails the test until it stands here. */
const ROUTES: Record<Role | 'nobody', string> = {
  nobody: 'GET /session, POST /session, DELETE /session, POST /session/handover, POST /setup',
  viewer: `GET /ws, GET /cameras, GET /cameras/:id, GET /cameras/:id/live, GET /cameras/:id/picture.jpg, GET /sites,
    PUT /session/password`,
  operator: `GET /readers, GET /events, GET /events/:id, GET /events/:id/snapshot.jpg, GET /events/:id/crop.jpg,
    GET /events/:id/uploads, GET /access, GET /counts, GET /completeness, GET /gaps, GET /alerts, POST /alerts/acknowledge,
    POST /alerts/:id/acknowledge, GET /archive/timeline, GET /archive/bounds, GET /archive/:cameraId/segments,
    GET /archive/:cameraId/media, GET /archive/:cameraId/frame.jpg, GET /archive/:cameraId/upload, GET /uploads/:id/file,
    GET /uploads/:id/picture.jpg, GET /exports, POST /exports, POST /exports/:id/pause, POST /exports/:id/resume,
    DELETE /exports/:id, GET /exports/:id/file, GET /exports/:id/files/:index, GET /drives, POST /drives/:id/eject,
    POST /archive/motion-searches, GET /archive/motion-searches/:id,
    DELETE /archive/motion-searches/:id, GET /bookmarks, POST /bookmarks, PATCH /bookmarks/:id, DELETE /bookmarks/:id, GET /cases, POST /cases, GET /cases/:id,
    PATCH /cases/:id, DELETE /cases/:id, POST /cases/:id/items, DELETE /cases/:id/items/:itemId, POST /cases/:id/export,
    GET /events/:id/alike, GET /share-links, POST /share-links, DELETE /share-links/:id,
    GET /locks, POST /locks, PATCH /locks/:id, DELETE /locks/:id, GET /evidence-key, GET /evidence-key.pem`,
  administrator: `GET /accounts, POST /accounts, PATCH /accounts/:id, DELETE /accounts/:id, POST /cameras, PATCH /cameras/:id,
    DELETE /cameras/:id, POST /cameras/check, PUT /cameras/:id/paused, POST /sites, PATCH /sites/:id, DELETE /sites/:id,
    GET /rooms, POST /rooms, PATCH /rooms/:id, DELETE /rooms/:id, PUT /readers, GET /reader-clocks, PUT /reader-clocks/:deviceId,
    GET /tokens, POST /tokens, DELETE /tokens/:id, GET /oauth-clients, POST /oauth-clients, DELETE /oauth-clients/:id,
    GET /upload-token, POST /upload-token/rotate, GET /embed-keys, POST /embed-keys, DELETE /embed-keys/:id,
    GET /integration-keys, POST /integration-keys, DELETE /integration-keys/:id, GET /camlytics-keys, POST /camlytics-keys,
    DELETE /camlytics-keys/:key, GET /camlytics-webhooks, POST /camlytics-webhooks, POST /camlytics-webhooks/:id/test,
    DELETE /camlytics-webhooks/:id, GET /hooks, POST /hooks, DELETE /hooks/:id, POST /hooks/:id/test, GET /deliveries,
    GET /health, GET /storage, PUT /storage, POST /storage/folders, PUT /storage/folders/:id, DELETE /storage/folders/:id,
    GET /storage/folders/:id/contents, GET /models, PUT /models/chosen, POST /models/:name/download,
    DELETE /models/:name/download, POST /models/cards, DELETE /models/:name, POST /models/weights, GET /alert-settings,
    PUT /alert-settings, POST /alert-settings/test, GET /audit, GET /audit.csv, POST /backup, GET /backup/restore, POST /backup/restore, DELETE /backup/restore,
    GET /network, PUT /network, POST /network/keep, DELETE /network/trial, POST /network/certificate, GET /network/certificate.pem,
    GET /diagnostics.zip, POST /configuration/export, POST /configuration/import, GET /notifications,
    POST /notifications/rules, PUT /notifications/rules/:id, DELETE /notifications/rules/:id, POST /notifications/rules/:id/test,
    PUT /notifications/mail, POST /notifications/mail/test, POST /notifications/snoozes, DELETE /notifications/snoozes,
    GET /discovery, POST /discovery, DELETE /discovery, POST /discovery/devices, POST /discovery/sign-in,
    POST /discovery/devices/:id/check, POST /discovery/devices/:id/camera, POST /storage/folders/check, POST /cameras/:id/rehearsals,
    GET /rehearsals/:id, PUT /rehearsals/:id/rules, DELETE /rehearsals/:id, POST /rehearsal-videos, GET /backfills,
    POST /backfills, POST /backfills/:id/pause, POST /backfills/:id/resume, DELETE /backfills/:id`,
};
/** The least role of each 'METHOD /path'. */
export const NEEDED_ROLES: ReadonlyMap<string, Role | 'nobody'> = new Map(
  (['nobody', ...ROLES] as const).flatMap((role) =>
    ROUTES[role].split(',').map((route) => [route.trim(), role] as const),
  ),
);
