/** Keys with which other sites may show a shared Camio in a frame. */
import { t } from '@lingui/core/macro';
import { camioApi } from '../../../client/camio-api.ts';
import { NamedKeysSection } from './NamedKeysSection.tsx';

export function EmbedKeysSection() {
  return (
    <NamedKeysSection
      title={t`Embed keys`}
      note={t`A site shows a shared Camio in a frame with ?v= its view token and &key= a key of its own.`}
      empty={t`None yet. No site can show a Camio.`}
      keyLabel={t`Embed key`}
      dialog={{
        title: t`New embed key`,
        description: t`Name it after the site that will use it.`,
        placeholder: t`Company intranet`,
      }}
      loss={t`Sites that use it show nothing from the next look on.`}
      resourceKey="embed-keys"
      list={camioApi.embedKeys}
      add={camioApi.addEmbedKey}
      remove={camioApi.deleteEmbedKey}
    />
  );
}
