/** Keys with which other sites may show a shared Camio in a frame. */
import { camioApi } from '../../../client/camio-api.ts';
import { NamedKeysSection } from './NamedKeysSection.tsx';

export function EmbedKeysSection() {
  return (
    <NamedKeysSection
      title="Embed keys"
      note="A site shows a shared Camio in a frame with ?v= its view token and &key= a key of its own."
      empty="None yet. No site can show a Camio."
      keyLabel="Embed key"
      dialog={{
        title: 'New embed key',
        description: 'Name it after the site that will use it.',
        placeholder: 'Company intranet',
      }}
      loss="Sites that use it show nothing from the next look on."
      resourceKey="embed-keys"
      list={camioApi.embedKeys}
      add={camioApi.addEmbedKey}
      remove={camioApi.deleteEmbedKey}
    />
  );
}
