import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';

const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';
const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#';

export interface Encrypting {
  to: KeyObject[];
  content?: 'aes-256-gcm' | 'aes-128-gcm' | 'aes-128-cbc' | 'aes-256-cbc';
  transport?: 'oaep' | 'oaep-sha256' | 'rsa-1_5';
  /** Where the encrypted key stands. */
  keyPlace?: 'inside' | 'beside';
}

const methods = {
  'aes-256-gcm': `${xmlenc11}aes256-gcm`,
  'aes-128-gcm': `${xmlenc11}aes128-gcm`,
  'aes-128-cbc': `${xmlenc}aes128-cbc`,
  'aes-256-cbc': `${xmlenc}aes256-cbc`,
};
const transports = {
  oaep: `<xenc:EncryptionMethod Algorithm="${xmlenc}rsa-oaep-mgf1p"><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod>`,
  'oaep-sha256': `<xenc:EncryptionMethod Algorithm="${xmlenc11}rsa-oaep"><ds:DigestMethod Algorithm="${xmlenc}sha256"/><xenc11:MGF xmlns:xenc11="${xmlenc11}" Algorithm="${xmlenc11}mgf1sha256"/></xenc:EncryptionMethod>`,
  'rsa-1_5': `<xenc:EncryptionMethod Algorithm="${xmlenc}rsa-1_5"/>`,
};

/** A saml:EncryptedAssertion (XML Encryption 1.1; SAML Core 2.0, 2.3.4). */
export function encryptAssertion(plain: string, how: Encrypting): string {
  const { content = 'aes-256-gcm', transport = 'oaep', keyPlace = 'inside' } = how;
  const key = randomBytes(content.includes('256') ? 32 : 16);
  const keys = how.to.map((to) => {
    const padding = transport === 'rsa-1_5' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING;
    const oaepHash = transport === 'oaep-sha256' ? 'sha256' : 'sha1';
    const wrapped = publicEncrypt(
      padding === constants.RSA_PKCS1_PADDING ? { key: to, padding } : { key: to, padding, oaepHash },
      key,
    );
    return `<xenc:EncryptedKey>${transports[transport]}<xenc:CipherData><xenc:CipherValue>${wrapped.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`;
  });
  const keyInfo = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${keys.join('')}</ds:KeyInfo>`;
  const value = encipher(plain, key, content).toString('base64');
  const data = `<xenc:EncryptedData Type="${xmlenc}Element"><xenc:EncryptionMethod Algorithm="${methods[content]}"/>${keyPlace === 'inside' ? keyInfo : ''}<xenc:CipherData><xenc:CipherValue>${value}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`;
  const beside = keyPlace === 'beside' ? keys.join('') : '';
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xenc="${xmlenc}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${data}${beside}</saml:EncryptedAssertion>`;
}

function encipher(plain: string, key: Buffer, name: NonNullable<Encrypting['content']>): Buffer {
  if (name === 'aes-256-gcm' || name === 'aes-128-gcm') {
    const iv = randomBytes(12);
    const gcm = createCipheriv(name, key, iv);
    return Buffer.concat([iv, gcm.update(plain), gcm.final(), gcm.getAuthTag()]);
  }
  const iv = randomBytes(16);
  const cbc = createCipheriv(name, key, iv);
  return Buffer.concat([iv, cbc.update(plain), cbc.final()]);
}
